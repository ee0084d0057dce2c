-- Re-shoot plans that were dropped, oldest first (JSON list of what kept_plan held): "Plan anew" can be taken back.
ALTER TABLE captures ADD COLUMN dropped_plans TEXT;
