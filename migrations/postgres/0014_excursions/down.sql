DROP TABLE excursions;
