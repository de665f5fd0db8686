-- Version 1.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- Every file that a stick brought, byte by byte, once.
CREATE TABLE file (
    id        INTEGER PRIMARY KEY,
    sha256    BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    name      TEXT NOT NULL,
    source    TEXT NOT NULL,
    collected TEXT NOT NULL,
    bytes     BLOB NOT NULL
) STRICT;

-- What the verifier says of a file. `role`: counts (it speaks for its session), beginning (a longer file of the session
-- is there), rival (another file speaks for the session, and they contradict each other), refused.
CREATE TABLE log (
    file     INTEGER PRIMARY KEY REFERENCES file (id),
    session  TEXT,
    standing TEXT NOT NULL CHECK (standing IN ('verified', 'unclosed', 'refused')),
    head     BLOB NOT NULL CHECK (length(head) = 32),
    role     TEXT NOT NULL CHECK (role IN ('counts', 'beginning', 'rival', 'refused'))
) STRICT;
CREATE INDEX log_session ON log (session);
CREATE INDEX log_head ON log (head);

-- A session, by the file that counts. `stick_id` and `organisation` are for sticks that the office has certified.
CREATE TABLE session (
    id            TEXT PRIMARY KEY,
    file          INTEGER NOT NULL REFERENCES file (id),
    standing      TEXT NOT NULL,
    rivals        INTEGER NOT NULL,
    head          BLOB NOT NULL,
    opened        TEXT NOT NULL,
    clock         TEXT NOT NULL CHECK (clock IN ('confirmed', 'corrected', 'not-confirmed')),
    pc_maker      TEXT NOT NULL,
    pc_model      TEXT NOT NULL,
    pc_serial     TEXT NOT NULL,
    pc_uuid       TEXT NOT NULL,
    asset_number  TEXT,
    operator      TEXT,
    class         INTEGER,
    witnesses     TEXT NOT NULL,
    fingerprint   TEXT NOT NULL,
    stick_id      TEXT,
    organisation  TEXT,
    stick         TEXT NOT NULL,
    stick_serial  TEXT NOT NULL,
    counter       INTEGER NOT NULL,
    previous_file TEXT,
    previous_head BLOB
) STRICT;

-- A drive in a session. `bearing`: pc (inside it), plugged (outside, with data), own (the session's own sticks, empty
-- and optical drives). `achieved` is what the office computed; `claimed` what the log says.
CREATE TABLE record (
    session   TEXT NOT NULL REFERENCES session (id),
    drive     INTEGER NOT NULL,
    bearing   TEXT NOT NULL CHECK (bearing IN ('pc', 'plugged', 'own')),
    maker     TEXT NOT NULL,
    model     TEXT NOT NULL,
    serial    TEXT NOT NULL,
    namespace INTEGER NOT NULL,
    capacity  TEXT NOT NULL,
    medium    TEXT NOT NULL,
    outcome   TEXT,
    verdict   TEXT,
    asked     TEXT,
    claimed   TEXT,
    achieved  TEXT,
    technique TEXT,
    disagreement TEXT,
    PRIMARY KEY (session, drive)
) STRICT, WITHOUT ROWID;

-- What the witness copied into the 作業記録. The last line of a session counts; earlier ones stay.
CREATE TABLE witness_line (
    id      INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    head12  TEXT NOT NULL,
    entered TEXT NOT NULL,
    entered_by TEXT NOT NULL
) STRICT;
CREATE INDEX witness_line_session ON witness_line (session);

-- Keys whose fingerprint somebody compared with the screen's.
CREATE TABLE confirmed_key (
    fingerprint TEXT PRIMARY KEY,
    entered     TEXT NOT NULL,
    entered_by  TEXT NOT NULL
) STRICT;

-- Media given to be destroyed: to a contractor, or in the building.
CREATE TABLE handover (
    id         INTEGER PRIMARY KEY,
    place      TEXT NOT NULL CHECK (place IN ('contractor', 'building')),
    contractor TEXT NOT NULL,
    handed     TEXT NOT NULL,
    deadline   TEXT NOT NULL,
    photos     TEXT NOT NULL CHECK (photos IN ('expected', 'not-expected')),
    entered    TEXT NOT NULL,
    entered_by TEXT NOT NULL
) STRICT;
CREATE TABLE handover_item (
    handover INTEGER NOT NULL REFERENCES handover (id),
    session  TEXT NOT NULL,
    drive    INTEGER NOT NULL,
    model    TEXT NOT NULL,
    serial   TEXT NOT NULL,
    PRIMARY KEY (handover, session, drive)
) STRICT, WITHOUT ROWID;

-- 完了証明書 and 証拠写真, byte by byte, once.
CREATE TABLE attachment (
    id         INTEGER PRIMARY KEY,
    sha256     BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    name       TEXT NOT NULL,
    bytes      BLOB NOT NULL,
    entered    TEXT NOT NULL,
    entered_by TEXT NOT NULL
) STRICT;
-- Which media somebody found named in it, and as what it was given.
CREATE TABLE attachment_item (
    attachment INTEGER NOT NULL REFERENCES attachment (id),
    kind       TEXT NOT NULL CHECK (kind IN ('certificate', 'photo-before', 'photo-after')),
    handover   INTEGER NOT NULL,
    session    TEXT NOT NULL,
    drive      INTEGER NOT NULL,
    entered    TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    PRIMARY KEY (attachment, kind, handover, session, drive)
) STRICT, WITHOUT ROWID;

-- 例外措置 (7.4).
CREATE TABLE exception (
    id        INTEGER PRIMARY KEY,
    session   TEXT NOT NULL,
    drive     INTEGER NOT NULL,
    model     TEXT NOT NULL,
    serial    TEXT NOT NULL,
    section   TEXT NOT NULL,
    reason    TEXT NOT NULL,
    measure   TEXT NOT NULL,
    deadline  TEXT NOT NULL,
    requested TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    approved  TEXT,
    approver  TEXT,
    ended     TEXT,
    ended_how TEXT,
    entered   TEXT NOT NULL,
    entered_by TEXT NOT NULL
) STRICT;
CREATE INDEX exception_drive ON exception (session, drive);
