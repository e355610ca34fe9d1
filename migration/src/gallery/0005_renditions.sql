-- Two sizes in two codings, and what a client draws while it loads. Images from before have none of these: their
-- display and thumbnail stand in.
ALTER TABLE gallery.images
    ADD COLUMN small_webp_bytes bigint CHECK (small_webp_bytes > 0),
    ADD COLUMN large_bytes      bigint CHECK (large_bytes > 0),
    ADD COLUMN large_webp_bytes bigint CHECK (large_webp_bytes > 0),
    ADD COLUMN thumbhash        bytea CHECK (octet_length(thumbhash) BETWEEN 5 AND 64),
    ADD CONSTRAINT images_renditions CHECK (
        num_nulls(small_webp_bytes, large_bytes, large_webp_bytes, thumbhash) IN (0, 4)
    );
