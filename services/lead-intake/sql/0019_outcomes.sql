-- What became of a request is told by more words than when its table was made: the set itself says them.
comment on column lead_intake.submission.outcome is 'what became of it: one of submission_outcome (proto/enums.def); not personal';
