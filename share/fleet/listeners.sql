-- Who listens on all addresses? First: local OUT sockets <LIST
SELECT checkpoint, pid, protocol, src_addr, src_port
FROM read_json('sockets/*.jsonl', format = 'newline_delimited', columns = {
	checkpoint: 'VARCHAR', pid: 'BIGINT', protocol: 'VARCHAR', state: 'VARCHAR',
	src_addr: 'VARCHAR', src_port: 'BIGINT' })
WHERE state = 'LISTEN' AND src_addr IN ('0.0.0.0', '::')
ORDER BY checkpoint, pid, src_port;
