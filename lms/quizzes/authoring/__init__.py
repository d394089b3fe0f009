"""What authors do with quizzes and the bank. The course is locked by who calls; nothing here commits."""
