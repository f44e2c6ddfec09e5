-- A backup carries a file that lies elsewhere than under its workspace when it finds it, and nobody misses it afterwards: the words here are what says so.
comment on column contacts.import.sha256 is 'of the file''s bytes, which lies under id while finished_at is null; not personal';
