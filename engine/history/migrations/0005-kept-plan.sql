-- The re-shoot plan that the person works with (JSON of core/overlap/reshoot-kept.ts), null while none is kept.
ALTER TABLE captures ADD COLUMN kept_plan TEXT;
