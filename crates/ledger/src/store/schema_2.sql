-- Version 2: who vouches for a log, by the office's own documents, and the rule tables that it signed.

-- What the office says, by its own files, and never by what a stick says of itself (FORMAT.md).
CREATE TABLE document (
    sha256     BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    kind       TEXT NOT NULL CHECK (kind IN ('organisation', 'revocations')),
    bytes      BLOB NOT NULL,
    entered    TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    -- The day since which its key is in other hands, for an organisation's; why, when and by whom that was entered.
    withdrawn    TEXT,
    why          TEXT,
    withdrawn_at TEXT,
    withdrawn_by TEXT
) STRICT;

-- Rule tables by the hash that logs cite, wherever they came from: one counts where an organisation signed that hash.
CREATE TABLE rule_table (
    sha256     BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    bytes      BLOB NOT NULL,
    source     TEXT NOT NULL,
    entered    TEXT NOT NULL,
    entered_by TEXT NOT NULL
) STRICT;

-- Who vouched for a log when it came in, by the documents that the ledger had then, and each time that another came to
-- count. Logs without a credential are not here: nobody ever vouches for those.
CREATE TABLE vouching (
    id           INTEGER PRIMARY KEY,
    file         INTEGER NOT NULL REFERENCES file (id),
    judged       TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    day          TEXT,
    stick_id     TEXT,
    organisation TEXT
) STRICT;
CREATE INDEX vouching_file ON vouching (file);

-- The present verdict: `vouching`, with the day that it is about where there is one. `signed_table` is the hash of the
-- rule table that the log says an organisation signed.
ALTER TABLE session ADD COLUMN vouching TEXT NOT NULL DEFAULT 'unregistered';
ALTER TABLE session ADD COLUMN vouching_day TEXT;
ALTER TABLE session ADD COLUMN signed_table BLOB;
CREATE INDEX session_signed_table ON session (signed_table);
