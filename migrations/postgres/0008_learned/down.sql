DROP TABLE learned_ids;
