-- Who wrote a row last: `origin` is one open engine. Other engines on the same home read what is not theirs (watch.ts).
-- `touched` counts every write to captures and photos, over the whole database.
CREATE TABLE clock (only INTEGER PRIMARY KEY CHECK (only = 1), ticks INTEGER NOT NULL) STRICT;
INSERT INTO clock VALUES (1, 0);

CREATE TABLE captures (
  capture_id TEXT PRIMARY KEY,
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  deleted_at TEXT,
  taken_at TEXT,
  photo_count INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL DEFAULT 0,
  camera TEXT,
  picture TEXT,
  scan TEXT NOT NULL,
  verdict TEXT,
  findings TEXT NOT NULL DEFAULT '[]',
  forecast TEXT,
  skipped TEXT NOT NULL DEFAULT '[]',
  -- What the checks leave out, and what the person decided otherwise ({file: use}).
  left_out TEXT NOT NULL DEFAULT '[]',
  choices TEXT NOT NULL DEFAULT '{}',
  touched INTEGER NOT NULL,
  origin TEXT NOT NULL
) STRICT;
CREATE INDEX captures_touched ON captures (touched);

CREATE TABLE photos (
  capture_id TEXT NOT NULL REFERENCES captures ON DELETE CASCADE,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  facts TEXT NOT NULL,
  touched INTEGER NOT NULL,
  origin TEXT NOT NULL,
  PRIMARY KEY (capture_id, file)
) STRICT;
CREATE INDEX photos_touched ON photos (touched);
CREATE INDEX photos_sha256 ON photos (sha256);

CREATE TABLE runs (
  run_id TEXT PRIMARY KEY,
  capture_id TEXT NOT NULL REFERENCES captures,
  created_at TEXT NOT NULL,
  settings TEXT NOT NULL,
  manifest TEXT NOT NULL,
  out_dir TEXT,
  -- A copy of reduce(events) up to `ended_seq`, for lists; null until the run has ended. May be set to null at any time.
  ended_state TEXT,
  ended_seq INTEGER
) STRICT;
CREATE INDEX runs_capture ON runs (capture_id, created_at);

CREATE TABLE run_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs,
  seq INTEGER NOT NULL,
  event TEXT NOT NULL,
  origin TEXT NOT NULL,
  UNIQUE (run_id, seq)
) STRICT;
CREATE TRIGGER run_events_append_only BEFORE UPDATE ON run_events BEGIN SELECT raise(ABORT, 'run_events is append-only'); END;
CREATE TRIGGER run_events_keep BEFORE DELETE ON run_events BEGIN SELECT raise(ABORT, 'run_events is append-only'); END;
