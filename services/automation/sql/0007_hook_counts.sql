-- What was given up is counted twice a minute, and shown beside each endpoint: it is found without the whole log.
create index hook_delivery_given_up on automation.hook_delivery (workspace_id, endpoint_id) where state = 'given_up';
