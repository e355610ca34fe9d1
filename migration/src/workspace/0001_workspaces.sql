-- Workspaces, their roles and members, and the platform's roles (which belong to no workspace).

CREATE TABLE workspace.workspaces (
    id              uuid PRIMARY KEY,
    slug            text NOT NULL CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name            text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    description     text NOT NULL DEFAULT '' CHECK (char_length(description) <= 2000),
    currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    registration    text NOT NULL CHECK (registration IN ('open', 'invite', 'closed')),
    -- The name of the blueprint it was made from; the roles are its own since then.
    blueprint       text NOT NULL,
    owner_id        uuid NOT NULL,
    owner_role_id   uuid NOT NULL,
    default_role_id uuid NOT NULL,
    avatar_emoji    text CHECK (char_length(avatar_emoji) BETWEEN 1 AND 16),
    avatar_color    text CHECK (avatar_color ~ '^#[0-9a-f]{6}$'),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    deleted_at      timestamptz,
    CHECK ((avatar_emoji IS NULL) = (avatar_color IS NULL))
);
-- A deleted workspace gives its slug free. Slugs have no upper case, so this is unique whatever the case.
CREATE UNIQUE INDEX workspaces_slug ON workspace.workspaces (slug) WHERE deleted_at IS NULL;

-- The platform's roles have no workspace.
CREATE TABLE workspace.roles (
    id              uuid PRIMARY KEY,
    workspace_id    uuid REFERENCES workspace.workspaces (id),
    name            text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
    title           text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
    description     text NOT NULL DEFAULT '' CHECK (char_length(description) <= 1000),
    permissions     jsonb NOT NULL CHECK (jsonb_typeof(permissions) = 'object'),
    self_assignable boolean NOT NULL DEFAULT false,
    promotes_to     uuid,
    directory       text CHECK (directory ~ '^[a-z][a-z0-9_-]{0,62}$'),
    granted_by_plan boolean NOT NULL DEFAULT false,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    -- Who made this version; null for a part of the program.
    updated_by      uuid,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, promotes_to) REFERENCES workspace.roles (workspace_id, id) DEFERRABLE INITIALLY DEFERRED,
    CHECK (promotes_to <> id)
);
-- Names have no upper case, so these are unique whatever the case.
CREATE UNIQUE INDEX roles_name ON workspace.roles (workspace_id, name) WHERE workspace_id IS NOT NULL;
CREATE UNIQUE INDEX platform_roles_name ON workspace.roles (name) WHERE workspace_id IS NULL;
CREATE INDEX roles_by_age ON workspace.roles (workspace_id, created_at, id);
CREATE INDEX roles_by_promotion ON workspace.roles (promotes_to) WHERE promotes_to IS NOT NULL;

-- Former versions of roles, and the last ones of roles that are gone.
CREATE TABLE workspace.role_versions (
    role_id         uuid NOT NULL,
    version         integer NOT NULL,
    workspace_id    uuid,
    name            text NOT NULL,
    title           text NOT NULL,
    description     text NOT NULL,
    permissions     jsonb NOT NULL,
    self_assignable boolean NOT NULL,
    promotes_to     uuid,
    directory       text,
    granted_by_plan boolean NOT NULL,
    -- When and by whom this version was made.
    updated_at      timestamptz NOT NULL,
    updated_by      uuid,
    PRIMARY KEY (role_id, version)
);
CREATE INDEX role_versions_by_workspace ON workspace.role_versions (workspace_id, role_id, version);

CREATE TABLE workspace.members (
    workspace_id uuid NOT NULL REFERENCES workspace.workspaces (id),
    user_id      uuid NOT NULL,
    role_id      uuid NOT NULL,
    status       text NOT NULL CHECK (status IN ('active', 'invited', 'pending', 'suspended')),
    -- Minor units of the workspace's currency.
    hour_rate    bigint CHECK (hour_rate >= 0),
    -- When the membership ends by itself.
    expires_at   timestamptz,
    version      integer NOT NULL DEFAULT 1,
    joined_at    timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    -- With the workspace, so that another workspace's role can't be held here.
    FOREIGN KEY (workspace_id, role_id) REFERENCES workspace.roles (workspace_id, id)
);
CREATE INDEX members_by_user ON workspace.members (user_id, workspace_id);
CREATE INDEX members_by_role ON workspace.members (workspace_id, role_id);
CREATE INDEX members_by_age ON workspace.members (workspace_id, joined_at, user_id);

-- An owner is a member, and the two roles that a workspace keeps are its own. Deferred: all are made together.
ALTER TABLE workspace.workspaces
    ADD FOREIGN KEY (id, owner_id) REFERENCES workspace.members (workspace_id, user_id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (id, owner_role_id) REFERENCES workspace.roles (workspace_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (id, default_role_id) REFERENCES workspace.roles (workspace_id, id) DEFERRABLE INITIALLY DEFERRED;

-- People who hold a role in every workspace.
CREATE TABLE workspace.platform_members (
    user_id    uuid PRIMARY KEY,
    role_id    uuid NOT NULL REFERENCES workspace.roles (id),
    created_at timestamptz NOT NULL
);

-- Compiled roles are cached by (id, version), so a version must never change its meaning, whoever writes it: each
-- change makes a new one and keeps the old.
CREATE FUNCTION workspace.keep_role_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
        NEW.version := OLD.version + 1;
    END IF;
    INSERT INTO workspace.role_versions (role_id, version, workspace_id, name, title, description, permissions,
        self_assignable, promotes_to, directory, granted_by_plan, updated_at, updated_by)
    VALUES (OLD.id, OLD.version, OLD.workspace_id, OLD.name, OLD.title, OLD.description, OLD.permissions,
        OLD.self_assignable, OLD.promotes_to, OLD.directory, OLD.granted_by_plan, OLD.updated_at, OLD.updated_by);
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_version BEFORE UPDATE OR DELETE ON workspace.roles
    FOR EACH ROW EXECUTE FUNCTION workspace.keep_role_version();

-- What every instance keeps in memory of who holds what is told here when it changes. The payload says what to forget:
-- one person, everybody in a workspace, everybody with a role, or all.
CREATE FUNCTION workspace.notify_standing_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('workspace_standing', 'user:' || COALESCE(NEW.user_id, OLD.user_id));
    RETURN NULL;
END $$;
CREATE TRIGGER notify_standing AFTER INSERT OR DELETE OR UPDATE OF role_id, status, expires_at ON workspace.members
    FOR EACH ROW EXECUTE FUNCTION workspace.notify_standing_of_user();
CREATE TRIGGER notify_standing AFTER INSERT OR DELETE OR UPDATE ON workspace.platform_members
    FOR EACH ROW EXECUTE FUNCTION workspace.notify_standing_of_user();

CREATE FUNCTION workspace.notify_standing_of_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('workspace_standing', 'role:' || NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER notify_standing AFTER UPDATE ON workspace.roles
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION workspace.notify_standing_of_role();

CREATE FUNCTION workspace.notify_standing_in_workspace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Nobody's kept standing names a workspace that was deleted when it was read, so its return concerns all.
    IF OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL THEN
        PERFORM pg_notify('workspace_standing', 'all');
    ELSE
        PERFORM pg_notify('workspace_standing', 'workspace:' || NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notify_standing AFTER UPDATE OF slug, owner_id, deleted_at ON workspace.workspaces
    FOR EACH ROW EXECUTE FUNCTION workspace.notify_standing_in_workspace();
