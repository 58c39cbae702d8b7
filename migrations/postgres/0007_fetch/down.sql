DROP TABLE fetch_states;
