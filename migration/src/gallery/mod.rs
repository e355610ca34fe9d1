//! The schema of module `gallery`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_images", include_str!("0001_images.sql")),
    ("m0002_photos", include_str!("0002_photos.sql")),
    ("m0003_cases", include_str!("0003_cases.sql")),
    ("m0005_renditions", include_str!("0005_renditions.sql")),
    ("m0006_storage", include_str!("0006_storage.sql")),
    ("m0007_albums", include_str!("0007_albums.sql")),
    ("m0008_search", include_str!("0008_search.sql")),
    ("m0009_storage_of_people", include_str!("0009_storage_of_people.sql")),
    ("m0011_storage_in_order", include_str!("0011_storage_in_order.sql")),
];
