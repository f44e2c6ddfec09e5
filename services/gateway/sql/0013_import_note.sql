-- A line of the audit may say what a file was called, and that may name somebody.
comment on column gateway.audit.detail is 'about whom, from what, to what; personal';
