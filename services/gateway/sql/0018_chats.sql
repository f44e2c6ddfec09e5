-- Who reads the team's conversation is said with the rest of how people are told of news; of those who are there it is said anew.
update gateway.member m set untold = m.untold + 1;
