-- Which checkpoints hold the string? First: local OUT found=STRING <LIST
SELECT checkpoint, count(*) AS places, count(DISTINCT pid) AS tasks
FROM read_json('found/*.jsonl', format = 'newline_delimited', columns = {
	checkpoint: 'VARCHAR', pid: 'BIGINT', address: 'VARCHAR', error: 'VARCHAR' })
WHERE address IS NOT NULL
GROUP BY checkpoint
ORDER BY places DESC, checkpoint;
