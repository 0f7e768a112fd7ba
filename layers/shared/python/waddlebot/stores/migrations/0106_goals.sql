-- What communities count towards. `counted` grows with what is shown (stores/record_rows.py), once
-- each, in the transaction that numbers it.
CREATE TABLE goals (
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    what         text NOT NULL,
    target       bigint NOT NULL,
    title        text NOT NULL DEFAULT '',
    counted      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, what)
);
