-- Buckets of the person's own account, by name. No key is ever kept: `facts` is JSON (core/transfer/cloud-target.ts).
-- `signed_in_at`: when the sign-in last worked; one that worked and does not any more has run out.
CREATE TABLE cloud_targets (
  name TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  signed_in_at TEXT
) STRICT, WITHOUT ROWID;

-- A capture on its way to a target: what is wanted of it, and its last sums (JSON of core/transfer/ledger.ts). The proof of each photo is in `uploads`.
CREATE TABLE transfer_desk (
  transfer_id TEXT PRIMARY KEY,
  capture_id TEXT NOT NULL,
  target TEXT NOT NULL,
  started_at TEXT NOT NULL,
  -- going: goes on by itself at the next start. paused: by the person. The others are over until they are started again.
  state TEXT NOT NULL CHECK (state IN ('going', 'paused', 'done', 'failed', 'cancelled')),
  ledger TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
