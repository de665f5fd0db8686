-- Version 3: what massho-log/3 says of single media.

-- `drive` counts downwards from -1 for media that the PC did not see, by the number of what was done to them by hand;
-- so it does in `handover_item`, `attachment_item` and `exception`. `medium` may be 'other' there.
-- 資産管理番号 of the PC that the medium belongs to, as declared; on a bench never the workbench's.
ALTER TABLE record ADD COLUMN asset_number TEXT;
-- Whether `serial` was read off a label, by a person's word.
ALTER TABLE record ADD COLUMN serial_declared INTEGER NOT NULL DEFAULT 0;
-- What was done to it by hand: destroyed, degaussed, set-aside.
ALTER TABLE record ADD COLUMN handling TEXT;
-- 例外措置 as the log has it; `exception` is what the office made of it.
ALTER TABLE record ADD COLUMN exception_reason TEXT;
ALTER TABLE record ADD COLUMN exception_measure TEXT;
ALTER TABLE record ADD COLUMN exception_approver TEXT;
ALTER TABLE record ADD COLUMN exception_deadline TEXT;
