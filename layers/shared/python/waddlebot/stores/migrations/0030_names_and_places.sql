-- A name is not a place: who called itself like somebody's home is asked for another name.
UPDATE communities SET name = 'Community ' || id || ' ' || substr(md5(random()::text), 1, 6)
WHERE name LIKE '%:%' AND name IS DISTINCT FROM home;

-- A login of digits could be another channel's id.
UPDATE entities SET also_called = NULL WHERE also_called ~ '^[a-z]+:channel:[0-9]+$';
