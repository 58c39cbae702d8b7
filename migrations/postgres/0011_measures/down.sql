DROP TABLE measure_cases;
DROP TABLE measure_steps;
DROP TABLE measures;
