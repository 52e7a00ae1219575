-- Which archives are damaged, and how? First: local OUT summary <LIST
SELECT checkpoint, error
FROM read_json('summary/*.jsonl', format = 'newline_delimited', columns = {
	checkpoint: 'VARCHAR', error: 'VARCHAR' })
WHERE error IS NOT NULL
ORDER BY checkpoint;
