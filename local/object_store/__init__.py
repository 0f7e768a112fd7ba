"""S3's place on this machine: one bucket in a folder, which takes what a real one would take."""

from local.object_store.app import AT, BUCKET, ObjectStore, Woken
from local.object_store.callers_keys import key_id_of, secret_of

__all__ = ["AT", "BUCKET", "ObjectStore", "Woken", "key_id_of", "secret_of"]
