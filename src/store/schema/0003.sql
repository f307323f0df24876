-- Until when the certificate of a host is valid, as last seen over https.
CREATE TABLE certificate (
    host    TEXT PRIMARY KEY,
    until   TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was said of a source or host that is no event, so that it is said once.
CREATE TABLE warned (
    about   TEXT NOT NULL,               -- source id or host
    kind    TEXT NOT NULL,               -- 'stale', 'certificate'
    mark    TEXT NOT NULL,               -- what it was said of; another mark is another matter
    told_at TEXT NOT NULL,
    PRIMARY KEY (about, kind)
) STRICT, WITHOUT ROWID;

-- How many of the rows that `list_rows` counts had a date; NULL = not known.
ALTER TABLE source_state ADD COLUMN list_dated INTEGER;
