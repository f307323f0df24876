-- Times are RFC 3339 in UTC, whole seconds (`2026-03-05T01:02:03Z`), so that text order is time
-- order. Days are ISO 8601 calendar dates in China. `json` columns hold what serde writes.

CREATE TABLE meta (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL CHECK (length(epoch) = 8)   -- first half of every cursor
) STRICT;
INSERT INTO meta VALUES (1, lower(hex(randomblob(4))));

CREATE TABLE source_state (
    source             TEXT PRIMARY KEY,
    last_visit         TEXT,
    last_good          TEXT,
    fault              TEXT,             -- json, NULL = the last visit was good
    fault_since        TEXT,
    fault_told_at      TEXT,
    baseline_done      INTEGER NOT NULL,
    list_etag          TEXT,
    list_last_modified TEXT,
    list_digest        TEXT,
    list_rows          INTEGER,
    not_before         TEXT              -- Retry-After
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    digest TEXT PRIMARY KEY,             -- SHA-256 of the plain bytes, lower-case hex
    size   INTEGER NOT NULL,             -- plain bytes
    zstd   BLOB NOT NULL
) STRICT;

CREATE TABLE list_page (                 -- the latest raw page of each list
    source       TEXT NOT NULL,
    url          TEXT NOT NULL,
    content_type TEXT,
    seen_at      TEXT NOT NULL,
    page         TEXT NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_page_by_page ON list_page (page);

CREATE TABLE notice (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    source         TEXT NOT NULL,
    url            TEXT NOT NULL,
    title          TEXT NOT NULL,
    published      TEXT,
    external       INTEGER NOT NULL,
    kind           TEXT,                 -- of the latest reading; NULL = never read
    first_seen     TEXT NOT NULL,
    last_seen      TEXT NOT NULL,        -- in its list
    last_fetched   TEXT,
    etag           TEXT,
    last_modified  TEXT,
    gone_suspect   INTEGER NOT NULL DEFAULT 0,   -- runs in a row that answered "not there"
    gone           INTEGER NOT NULL DEFAULT 0,
    unsteady_until TEXT,
    by_hand        INTEGER NOT NULL DEFAULT 0,
    told           INTEGER NOT NULL DEFAULT 0,
    next_window    INTEGER NOT NULL DEFAULT 1,   -- window ids are never used twice
    latest         INTEGER REFERENCES version (id)
) STRICT;
CREATE INDEX notice_by_source ON notice (source);
CREATE INDEX notice_by_day ON notice (coalesce(published, substr(first_seen, 1, 10)));
CREATE INDEX notice_by_latest ON notice (latest);

CREATE TABLE notice_key (
    key    TEXT NOT NULL,
    source TEXT NOT NULL,
    notice INTEGER NOT NULL REFERENCES notice (id),
    PRIMARY KEY (key, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_key_by_notice ON notice_key (notice);

CREATE TABLE version (
    id             INTEGER PRIMARY KEY,
    notice         INTEGER NOT NULL REFERENCES notice (id),
    n              INTEGER NOT NULL,     -- 1, 2, … within the notice
    seen_at        TEXT NOT NULL,
    url            TEXT NOT NULL,        -- after redirects
    content_type   TEXT,
    plain_http     INTEGER NOT NULL,
    page           TEXT NOT NULL REFERENCES blob (digest),
    article_digest TEXT NOT NULL,
    reading        TEXT NOT NULL,        -- json
    revision       INTEGER NOT NULL,     -- of the rules that made the reading
    UNIQUE (notice, n)
) STRICT;
CREATE INDEX version_by_page ON version (page);

CREATE TABLE attachment (
    notice        INTEGER NOT NULL REFERENCES notice (id),
    href          TEXT NOT NULL,
    url           TEXT NOT NULL,
    name          TEXT NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    digest        TEXT,                  -- SHA-256 of the file; NULL = never downloaded
    size          INTEGER,
    seen_at       TEXT NOT NULL,
    PRIMARY KEY (notice, href)
) STRICT, WITHOUT ROWID;

-- The journal. AUTOINCREMENT: a number is never used twice.
CREATE TABLE event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      TEXT NOT NULL,
    notice  INTEGER REFERENCES notice (id),   -- about a notice
    region  TEXT,                             -- about a standing, with exam and sitting
    exam    TEXT,
    sitting TEXT,
    source  TEXT NOT NULL,                    -- about the source where the others are NULL
    change  TEXT NOT NULL,                    -- its stable word
    title   TEXT NOT NULL,
    url     TEXT NOT NULL,
    body    TEXT NOT NULL,                    -- json: the change, and the reading after it
    CHECK ((region IS NULL) = (exam IS NULL) AND (region IS NULL) = (sitting IS NULL)),
    CHECK (notice IS NULL OR region IS NULL)
) STRICT;
CREATE INDEX event_by_notice ON event (notice) WHERE notice IS NOT NULL;
CREATE INDEX event_by_time ON event (at);
CREATE TRIGGER event_is_not_edited BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'the journal is not edited'); END;
CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'the journal is not edited'); END;

CREATE TABLE visit (
    id      INTEGER PRIMARY KEY,
    source  TEXT NOT NULL,
    at      TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rows    INTEGER NOT NULL,
    fetched INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX visit_by_source ON visit (source);
CREATE INDEX visit_by_time ON visit (at);

CREATE TABLE robots (
    host       TEXT PRIMARY KEY,
    fetched_at TEXT NOT NULL,
    body       TEXT                      -- NULL = the host has none
) STRICT, WITHOUT ROWID;

CREATE TABLE host_state (
    host       TEXT PRIMARY KEY,
    not_before TEXT,
    failures   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each Han character is a token of its own (the writer puts spaces around it), so that a word of
-- two characters is found as a phrase. rowid = notice.
CREATE VIRTUAL TABLE search USING fts5 (title, text, tokenize = 'unicode61');

-- Delivery. Each sink goes through the journal by itself; what is still to be sent to it, or was
-- given up, has a row here.
CREATE TABLE sink (
    name         TEXT PRIMARY KEY,
    seq          INTEGER NOT NULL,       -- the last event that it was asked about
    last_done_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
    sink     TEXT NOT NULL REFERENCES sink (name) ON DELETE CASCADE,
    seq      INTEGER NOT NULL REFERENCES event (seq),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at  TEXT,                       -- NULL = given up
    detail   TEXT,                       -- why the last attempt failed
    PRIMARY KEY (sink, seq)
) STRICT, WITHOUT ROWID;
