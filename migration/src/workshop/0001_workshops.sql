-- Workshops. A workshop lies in one workspace; its creator is a person of the accounts module, known by id alone.
CREATE TABLE workshop.workshops (
    id                     uuid PRIMARY KEY,
    workspace_id           uuid NOT NULL,
    creator_id             uuid NOT NULL,
    title                  text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    -- What the list is sorted by. "C" orders alike on every platform, whatever libc it has and after its upgrades.
    title_sort             text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(title)) STORED,
    description            text NOT NULL DEFAULT '' CHECK (char_length(description) <= 10000),
    starts_at              timestamptz NOT NULL,
    ends_at                timestamptz NOT NULL,
    -- A name of the IANA time zone database: it says which days are the workshop's.
    timezone               text NOT NULL CHECK (char_length(timezone) BETWEEN 1 AND 64),
    location               text NOT NULL DEFAULT '' CHECK (char_length(location) <= 500),
    capacity               integer CHECK (capacity BETWEEN 1 AND 1000000),
    registration_opens_at  timestamptz,
    registration_closes_at timestamptz,
    -- That a published workshop is finished follows from the time, so nobody has to write it down.
    status                 text NOT NULL CHECK (status IN ('draft', 'published', 'cancelled')),
    version                integer NOT NULL DEFAULT 1,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    -- So that whoever looks for what isn't over needn't look at what began long ago. In hours: days have 23 to 25 of them.
    CONSTRAINT workshops_time CHECK (starts_at < ends_at AND ends_at <= starts_at + interval '2208 hours'),
    CONSTRAINT workshops_window CHECK (registration_opens_at < registration_closes_at)
);
-- One index per order of the list, read in either direction.
CREATE INDEX workshops_by_creation ON workshop.workshops (workspace_id, created_at, id);
CREATE INDEX workshops_by_start ON workshop.workshops (workspace_id, starts_at, id);
CREATE INDEX workshops_by_title ON workshop.workshops (workspace_id, title_sort, id);
CREATE INDEX workshops_by_stage ON workshop.workshops (workspace_id, status, starts_at, id);
CREATE INDEX workshops_by_creator ON workshop.workshops (workspace_id, creator_id, starts_at, id);

-- The seats of a workshop, in a narrow row of their own: it is what everyone who registers writes, one after the other,
-- and its lock is what puts them in line. Room on the page lets each version take the place of one that nobody sees any
-- more. Whoever changes a workshop takes its row first and this one next; whoever registers takes this one alone.
CREATE TABLE workshop.seats (
    workshop_id   uuid PRIMARY KEY REFERENCES workshop.workshops (id),
    workspace_id  uuid NOT NULL,
    -- The workshop's, written with it; no number means no bound.
    capacity      integer,
    confirmed     integer NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
    waitlisted    integer NOT NULL DEFAULT 0 CHECK (waitlisted >= 0),
    -- How many gave their seat or their place in line back.
    withdrawn     integer NOT NULL DEFAULT 0,
    -- The number of whoever registered last.
    last_position bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 25);

-- Who is registered: with a seat, or in line for one.
CREATE TABLE workshop.attendees (
    workshop_id   uuid NOT NULL REFERENCES workshop.seats (workshop_id),
    user_id       uuid NOT NULL,
    workspace_id  uuid NOT NULL,
    status        text NOT NULL CHECK (status IN ('confirmed', 'waitlisted')),
    -- Given under the lock of the seats: the order of positions is the order in which registrations were committed.
    position      bigint NOT NULL,
    registered_at timestamptz NOT NULL,
    registered_by uuid NOT NULL,
    confirmed_at  timestamptz,
    checked_in_at timestamptz,
    checked_in_by uuid,
    CONSTRAINT attendees_pkey PRIMARY KEY (workshop_id, user_id),
    CONSTRAINT attendees_seated CHECK ((status = 'confirmed') = (confirmed_at IS NOT NULL)),
    CONSTRAINT attendees_present CHECK (checked_in_at IS NULL OR status = 'confirmed')
);
CREATE UNIQUE INDEX attendees_in_order ON workshop.attendees (workspace_id, workshop_id, position);
CREATE INDEX attendees_in_line ON workshop.attendees (workspace_id, workshop_id, position) WHERE status = 'waitlisted';
CREATE INDEX attendees_by_user ON workshop.attendees (workspace_id, user_id, workshop_id);

-- Whose favourites are which.
CREATE TABLE workshop.favorites (
    workspace_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    workshop_id  uuid NOT NULL REFERENCES workshop.workshops (id),
    added_at     timestamptz NOT NULL,
    CONSTRAINT favorites_pkey PRIMARY KEY (workspace_id, user_id, workshop_id)
);
CREATE INDEX favorites_by_workshop ON workshop.favorites (workspace_id, workshop_id);
