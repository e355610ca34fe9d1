-- A subscription with which something can't happen is put off, so that others go on: how many times in a row it failed.
ALTER TABLE billing.subscriptions ADD COLUMN failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0);
