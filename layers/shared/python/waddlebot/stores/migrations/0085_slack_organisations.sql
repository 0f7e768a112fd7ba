-- Which workspaces of Slack speak with the token of their organisation.
CREATE TABLE slack_workspaces (
    team       text PRIMARY KEY,
    account    text NOT NULL,
    told_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX slack_workspaces_of_account ON slack_workspaces (account);
