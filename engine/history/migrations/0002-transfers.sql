-- Receipts of transfers, each written before the deed that it stands for. Checksums: lower-case hex (sha256), 16 hex digits (crc64, CRC-64/NVME).
-- `target` names an account's bucket: nothing is ever taken for present in another one.

-- What was read of a file on this disk. Found again by path, or by inode where the folder was moved.
CREATE TABLE file_hashes (
  path TEXT PRIMARY KEY,
  size_bytes INTEGER NOT NULL,
  mtime_ns TEXT NOT NULL,
  inode TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  crc64 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX file_hashes_moved ON file_hashes (inode, size_bytes, mtime_ns);

CREATE TABLE uploads (
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  -- sending: one PUT under way. creating: CreateMultipartUpload may have happened. completing: CompleteMultipartUpload may have happened.
  state TEXT NOT NULL CHECK (state IN ('sending', 'creating', 'uploading', 'completing', 'done')),
  crc64 TEXT,
  upload_id TEXT,
  part_bytes INTEGER,
  etag TEXT,
  -- The bytes under the upload: size, mtime and inode of the file when its first part was read.
  identity TEXT,
  -- SHA-256 of the file's first `hashed_parts` parts, unfinished: a killed upload goes on reading where it was.
  hashed_parts INTEGER NOT NULL DEFAULT 0,
  sha_state BLOB,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (target, key)
) STRICT, WITHOUT ROWID;

-- `etag` null: read, not sent. Empty: sent, no answer recorded.
CREATE TABLE upload_parts (
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  number INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  crc64 TEXT NOT NULL,
  etag TEXT,
  PRIMARY KEY (target, key, number)
) STRICT, WITHOUT ROWID;

-- The plan of one transfer, so that no list of it is held in memory.
CREATE TABLE transfers (
  transfer_id TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE transfer_items (
  transfer_id TEXT NOT NULL REFERENCES transfers ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  path TEXT NOT NULL,
  file TEXT NOT NULL,
  key TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (transfer_id, seq),
  UNIQUE (transfer_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_items_key ON transfer_items (key);

CREATE TABLE downloads (
  path TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  etag TEXT NOT NULL,
  crc64 TEXT,
  -- Bytes of the .part file that are whole and on the disk; `crc64_so_far` is theirs.
  offset_bytes INTEGER NOT NULL,
  crc64_so_far TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('receiving', 'done')),
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
