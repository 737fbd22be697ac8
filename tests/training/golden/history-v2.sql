BEGIN TRANSACTION;
CREATE TABLE events(id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  generation INTEGER NOT NULL, step INTEGER, at REAL NOT NULL, kind TEXT NOT NULL, detail TEXT);
INSERT INTO "events" VALUES(1,'0123456789',0,3,1790000001.0,'state','{"to": "finished"}');
CREATE TABLE metrics(run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, generation INTEGER NOT NULL,
  name TEXT NOT NULL, part INTEGER NOT NULL, first INTEGER NOT NULL, stride INTEGER NOT NULL,
  count INTEGER NOT NULL, seconds REAL NOT NULL, vals BLOB NOT NULL,
  PRIMARY KEY(run, generation, name, part)) WITHOUT ROWID;
INSERT INTO "metrics" VALUES('0123456789',0,'loss',0,1,1,3,0.5,X'00004040000000400000803F');
CREATE TABLE runs(id TEXT PRIMARY KEY, created REAL NOT NULL, name TEXT, note TEXT, owner TEXT, host TEXT,
  network TEXT NOT NULL, spec TEXT NOT NULL, seed INTEGER NOT NULL, device TEXT, versions TEXT, script TEXT,
  state TEXT NOT NULL CHECK(state IN('queued','starting','running','paused','stopping','stopped','finished',
  'diverged','failed','lost')), reason TEXT, step INTEGER NOT NULL DEFAULT 0, pid INTEGER, started REAL, boot TEXT,
  beat REAL, generation INTEGER NOT NULL DEFAULT 0, parent TEXT REFERENCES runs(id));
INSERT INTO "runs" VALUES('0123456789',1790000000.0,'first',NULL,NULL,'host','{"input":{"dims":[2]},"layers":[{"kind":"Linear","out_features":10}]}','{"network":{"input":{"dims":[2]},"layers":[{"kind":"Linear","out_features":10}]},"limits":{"epochs":null,"steps":3},"batch":8}',0,'cpu','{"python": "3.11.7", "torch": "2.14.0"}',NULL,'finished','{"say": "All epochs are done ({epochs}).", "with": {"epochs": 3}}',3,1,2.0,'boot',1790000001.0,0,NULL);
CREATE TABLE snapshots(run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, generation INTEGER NOT NULL,
  kind TEXT NOT NULL, step INTEGER NOT NULL, bytes INTEGER NOT NULL, data BLOB, file TEXT,
  PRIMARY KEY(run, generation, kind, step));
CREATE TABLE networks(id TEXT PRIMARY KEY, created REAL NOT NULL, name TEXT NOT NULL, owner TEXT,
  network TEXT NOT NULL);
INSERT INTO "networks" VALUES('abcdef0123',1790000002.0,'small one',NULL,'{"input":{"dims":[2]},"layers":[{"kind":"Linear","out_features":10}]}');
CREATE UNIQUE INDEX networks_name ON networks(coalesce(owner, ''), name);
CREATE INDEX runs_created ON runs(created DESC);
CREATE INDEX events_run ON events(run, id);
COMMIT;
PRAGMA user_version = 2;
