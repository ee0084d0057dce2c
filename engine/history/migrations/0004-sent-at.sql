-- When this program last put the object there itself: what an interrupted transfer has sent is not counted as there before it.
ALTER TABLE uploads ADD COLUMN sent_at TEXT;
