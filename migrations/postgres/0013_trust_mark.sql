-- Whatever changes rules, people, tokens or sessions renews this by chance: two histories of one
-- database (a failover, a restore) may give the same version to different things, but not the same mark.
ALTER TABLE trust_head ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;
