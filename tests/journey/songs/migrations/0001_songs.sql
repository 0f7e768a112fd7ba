CREATE TABLE songs (title text NOT NULL);
