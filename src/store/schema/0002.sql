-- What a board asks of a notice stands in the notice, so that it is found without opening every
-- stored reading: the exams that its latest reading names, and its own date.
ALTER TABLE notice ADD COLUMN exams TEXT;        -- json, of the latest reading; NULL = never read
ALTER TABLE notice ADD COLUMN dated TEXT;        -- of the page, else of the list; NULL = none stated
UPDATE notice SET
    exams = (SELECT coalesce(json_extract(v.reading, '$.exams'), '[]')
             FROM version v WHERE v.id = latest),
    dated = coalesce((SELECT json_extract(v.reading, '$.published')
                      FROM version v WHERE v.id = latest), published);

DROP INDEX notice_by_day;
CREATE INDEX notice_by_day ON notice (coalesce(dated, substr(first_seen, 1, 10)));
DROP INDEX notice_by_source;
CREATE INDEX notice_by_source ON notice (source, dated);
-- Each holds all that its question asks: the table is opened only for what passes.
CREATE INDEX notice_read ON notice
    (coalesce(dated, substr(first_seen, 1, 10)), gone, kind, source, dated, exams)
    WHERE exams IS NOT NULL;
CREATE INDEX notice_unread ON notice
    (coalesce(dated, substr(first_seen, 1, 10)), gone, source, dated, title)
    WHERE exams IS NULL;
CREATE INDEX notice_by_hand ON notice (source) WHERE by_hand;

CREATE INDEX event_by_change ON event (change);
CREATE INDEX event_by_source ON event (source, at)
    WHERE notice IS NOT NULL AND change NOT IN ('reread', 'moved');
