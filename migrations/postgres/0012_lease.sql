-- Work by the hour is done by one node at a time: whoever takes the lease.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    until BIGINT NOT NULL -- microseconds since 1970, by the clock of whoever took it
);
