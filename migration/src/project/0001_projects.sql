-- Projects. A project lies in one workspace; its owner is a person of the accounts module, known by id alone.
CREATE TABLE project.projects (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    -- "C": keys are ASCII, and LIKE 'ABC%' can use the index of the constraint below.
    key          text COLLATE "C" NOT NULL CHECK (key ~ '^[A-Z][A-Z0-9]{1,9}$'),
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    -- What the list is sorted by. "C" orders alike on every platform, whatever libc it has and after its upgrades.
    name_sort    text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    description  text NOT NULL DEFAULT '' CHECK (char_length(description) <= 10000),
    owner_id     uuid NOT NULL,
    is_public    boolean NOT NULL DEFAULT false,
    is_billable  boolean NOT NULL DEFAULT false,
    is_active    boolean NOT NULL DEFAULT true,
    avatar_emoji text CHECK (char_length(avatar_emoji) BETWEEN 1 AND 16),
    avatar_color text CHECK (avatar_color ~ '^#[0-9a-f]{6}$'),
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT projects_key_unique UNIQUE (workspace_id, key),
    CONSTRAINT projects_avatar_whole CHECK ((avatar_emoji IS NULL) = (avatar_color IS NULL))
);
-- One index per order of the list, read in either direction.
CREATE INDEX projects_by_creation ON project.projects (workspace_id, created_at, id);
CREATE INDEX projects_by_name ON project.projects (workspace_id, name_sort, id);
CREATE INDEX projects_by_change ON project.projects (workspace_id, updated_at, id);
-- What someone owns: their list, the filter `owner`, and the count behind `max_projects`.
CREATE INDEX projects_by_owner ON project.projects (workspace_id, owner_id, created_at, id);

-- Who takes part in a project. The owner has a row like everyone else, but owns by projects.owner_id, not by it.
CREATE TABLE project.members (
    project_id   uuid NOT NULL REFERENCES project.projects (id),
    workspace_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    is_active    boolean NOT NULL DEFAULT true,
    added_at     timestamptz NOT NULL,
    -- Nobody, when the program added them.
    added_by     uuid,
    version      integer NOT NULL DEFAULT 1,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT members_pkey PRIMARY KEY (project_id, user_id)
);
-- The projects that someone takes part in; is_active rides along so that the index alone answers.
CREATE INDEX members_by_user ON project.members (workspace_id, user_id, project_id) INCLUDE (is_active);
