-- What is typed behind such a command is a secret: it is not recorded.
ALTER TABLE commands ADD COLUMN secret boolean NOT NULL DEFAULT false;
