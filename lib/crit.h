/* SPDX-License-Identifier: MIT
 *
 * libcrit: CRIU's checkpoint images, read, changed and written.
 *
 *	cc program.c $(pkg-config --cflags --libs crit)
 *
 * How all of it works
 *
 *   Errors      Functions that can fail take a struct crit_error, which may
 *               be NULL and is filled where they do. They return false, NULL
 *               or -1 then. Nothing is printed, nothing exits, no signal is
 *               caught.
 *   Contexts    Objects belong to a struct crit, which must outlive them.
 *   Threads     There is no global state. An object is for one thread at a
 *               time; a context may be shared once it is set up.
 *   Memory      What a function gives belongs to the object it came from, and
 *               is good until that object is freed or used again, unless its
 *               description says otherwise. Inputs stay the caller's, and are
 *               not looked at after the function (open: after the close).
 *   Descriptors stay the caller's, too, and are not closed.
 *   Bounds      Images of any size are read and written in a few hundred
 *               KiB, large entries with the help of an unlinked temporary
 *               file ($TMPDIR, /var/tmp, /tmp). Only a struct crit_entry
 *               holds an entry as a whole, up to a limit (crit_set_limit).
 *   Callbacks   return true to go on. False ends the function that called
 *               them early, which then returns true: that is no error. They
 *               may use other objects, not the one that is calling.
 *   Pids        are those of the images: of the dumped pid namespace.
 *
 * Fields have the names of CRIU's .proto files. What is the same in JSON:
 * crit-stream(5). What each image is: crit-images(5).
 */
#ifndef CRIT_H
#define CRIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CRIT_API __attribute__((visibility("default")))

struct crit;

/* Errors */

enum crit_code {
	CRIT_OK,
	CRIT_EDATA,	/* the input is wrong */
	CRIT_EIO,	/* a system call failed: sys says which errno */
	CRIT_ENOMEM,
	CRIT_EUSAGE,	/* usage error */
};

struct crit_error {
	enum crit_code code;
	int sys;		/* errno, or 0 */
	int64_t entry;		/* index of the entry in its image, or -1 */
	int64_t offset;		/* bytes from the image's start, or -1 */
	int64_t line, column;	/* in JSON or YAML, from 1, or -1 */
	char image[256];	/* name, with the folder or archive where that is
				   known; cut if it is longer; "": unknown */
	char path[256];		/* vmas[3].start */
	char what[256];
};

/* One line without a newline: "mm-12.img: entry 0, vmas[3].start, offset 118:
 * truncated varint". Bytes that would disturb a terminal come out as \xNN.
 * Cuts what is longer than size, which is at least 1. Returns buf. */
CRIT_API char *crit_error_text(const struct crit_error *err, char *buf,
			       size_t size);

/* The same for languages that do not lay out C structures: an error on the heap,
 * and its members by name. c may be NULL (then it comes from malloc); if not,
 * it must outlive the error. */
CRIT_API struct crit_error *crit_error_new(struct crit *c);
CRIT_API void crit_error_free(struct crit_error *err);	/* NULL: nothing */

/* "code", "sys", "entry", "offset", "line" or "column"; -1 for other names. */
CRIT_API int64_t crit_error_number(const struct crit_error *err,
				   const char *member);

/* "image", "path" or "what"; NULL for other names. Good until the error is used
 * again. */
CRIT_API const char *crit_error_string(const struct crit_error *err,
				       const char *member);

/* "0.1.0" */
CRIT_API const char *crit_version(void);

/* Contexts */

/* All memory that the library asks for comes from here, in any thread that
 * uses the context; not what libc asks for itself (directories, regular
 * expressions). alloc returns NULL, or n bytes aligned as malloc would; free
 * gets what alloc gave, never NULL. Both get ctx. */
struct crit_allocator {
	void *(*alloc)(void *ctx, size_t n);
	void (*free)(void *ctx, void *p);
	void *ctx;
};

/* allocator may be NULL: malloc and free. It is copied. NULL: no memory. */
CRIT_API struct crit *crit_new(const struct crit_allocator *allocator);
CRIT_API void crit_free(struct crit *c);	/* NULL: nothing */

/* Messages of a newer CRIU: n bytes of a google.protobuf.FileDescriptorSet
 * (protoc -o), whose messages take the place of those of the same name. Once,
 * before anything is opened. */
CRIT_API bool crit_set_schema(struct crit *c, const void *set, size_t n,
			      struct crit_error *err);

/* warn gets what is odd but can be read (its what begins with "warning: ").
 * NULL, as at the beginning: nobody. */
CRIT_API void crit_set_warn(struct crit *c,
			    void (*warn)(void *ctx, const struct crit_error *),
			    void *ctx);

/* Bytes of memory that one struct crit_entry may take; an entry that needs
 * more is an error. 1 GiB at the beginning: an mm of a million mappings takes
 * half of that. */
CRIT_API void crit_set_limit(struct crit *c, size_t bytes);

/* Reading images
 *
 *	while ((r = crit_next(image, &event, &err)) > 0)
 *		...
 */

struct crit_image;

/* Opens an image and reads its magic. NULL: *err says what it is if not an
 * image. */
CRIT_API struct crit_image *crit_open(struct crit *c, const char *path,
				      struct crit_error *err);

/* From fd's position on; pipes will do. name is for errors, copied, and may
 * be NULL. */
CRIT_API struct crit_image *crit_open_fd(struct crit *c, int fd,
					 const char *name,
					 struct crit_error *err);

/* n bytes at p, which stay the caller's until crit_close. */
CRIT_API struct crit_image *crit_open_memory(struct crit *c, const void *p,
					     size_t n, const char *name,
					     struct crit_error *err);
CRIT_API void crit_close(struct crit_image *image);	/* NULL: nothing */

/* "PSTREE"; good as long as the context. */
CRIT_API const char *crit_magic(const struct crit_image *image);

/* The base name of its file, or what crit_open_fd was given; or NULL. */
CRIT_API const char *crit_name(const struct crit_image *image);

/* Events: what an image consists of. An entry is
 *
 *	ENTRY CONTENT ENTRY_END
 *
 * and CONTENT any number of
 *
 *	NUMBER, STRING.., BYTES..		a field
 *	MESSAGE CONTENT MESSAGE_END		a field that is a message
 *	LIST (one of these).. LIST_END		a repeated field
 *	UNKNOWN..				fields that the schema lacks
 *
 * in ascending order of field numbers. Raw bytes that follow an entry come
 * last, as a field "extra" of number 0: BYTES, a MESSAGE of "inq" and "outq"
 * (TCP_STREAM), a LIST of numbers (IPCNS_SEM) or of messages and bytes in turn
 * (IPCNS_MSG). Strings are bytes, mostly UTF-8; they and BYTES come in pieces
 * of any size, the last of which is marked. */
enum crit_event_kind {
	CRIT_ENTRY = 1,
	CRIT_ENTRY_END,
	CRIT_NUMBER,
	CRIT_STRING,
	CRIT_BYTES,
	CRIT_MESSAGE,
	CRIT_MESSAGE_END,
	CRIT_LIST,
	CRIT_LIST_END,
	CRIT_UNKNOWN,
};

/* Names are good as long as the context; bytes until the next event. */
struct crit_event {
	enum crit_event_kind kind;
	uint32_t number;	/* of the field; 0: extra */
	const char *field;	/* its name; NULL: of no field */
	const char *message;	/* ENTRY, MESSAGE: the message's name or NULL */
	uint64_t value;		/* NUMBER: sign-extended where is_signed */
	const char *symbol;	/* NUMBER of an enum: its name, or NULL */
	const void *bytes;	/* STRING, BYTES, UNKNOWN: a piece */
	size_t size;
	uint64_t entry;		/* index of the entry in the image, from 0 */
	int64_t index;		/* of an element in its list, from 0; or -1 */
	bool is_signed;		/* NUMBER: value is an int64_t */
	bool last;		/* no more pieces of these bytes */
	void *reserved[2];	/* NULL */
};

/* The next event: 1, 0 after the last entry, -1 and *err (again and again). An
 * entry is read as a whole before its first event; one larger than 64 KiB
 * waits in a temporary file, extra and all. */
CRIT_API int crit_next(struct crit_image *image, struct crit_event *event,
		       struct crit_error *err);

/* The same without temporary files: gives all events that are left to a
 * function, as they are read. Begins with the next entry, and after false ends
 * with the one that it was in. */
CRIT_API bool crit_each(struct crit_image *image,
			bool (*event)(void *ctx, const struct crit_event *),
			void *ctx, struct crit_error *err);

/* What can be told without looking into messages: reads to the end. */
struct crit_info {
	uint64_t entries;
	uint64_t payload_bytes;	/* of messages */
	uint64_t extra_bytes;	/* after them */
};
CRIT_API bool crit_info(struct crit_image *image, struct crit_info *info,
			struct crit_error *err);

/* Entries as a whole
 *
 * A path names a field: "tc.comm", "vmas[3].start", "extra.inq", "extra[2]".
 * In paths that end with a list, [] is every element, for crit_find. An older
 * name of a field will do.
 */

struct crit_entry;

/* The next entry of an image: 1, 0 after the last, -1 and *err. *entry is
 * NULL (then it is made) or one from before (then it is used again). What
 * crit_next has left of its entry is passed over. */
CRIT_API int crit_read(struct crit_image *image, struct crit_entry **entry,
		       struct crit_error *err);

/* An empty one for an image of this magic ("PSTREE"). first: the first of its
 * image, which matters to PAGEMAP and GHOST_FILE. */
CRIT_API struct crit_entry *crit_entry_new(struct crit *c, const char *magic,
					   bool first, struct crit_error *err);
CRIT_API void crit_entry_free(struct crit_entry *entry);	/* NULL: nothing */

/* Its message's name: "pstree_entry". */
CRIT_API const char *crit_entry_message(const struct crit_entry *entry);

/* The value of a field: 1; 0 where it is not there (*value is left alone); -1
 * and *err where there can be no such field, or it has another type. */
CRIT_API int crit_get_number(const struct crit_entry *entry, const char *path,
			     uint64_t *value, struct crit_error *err);

/* The same of a string or bytes; a NUL follows them that *size (NULL: never
 * mind) does not count. Good until the entry is changed. */
CRIT_API int crit_get_bytes(const struct crit_entry *entry, const char *path,
			    const char **bytes, size_t *size,
			    struct crit_error *err);

/* Whether a field, message or element is there; of a list, whether any. */
CRIT_API int crit_has(const struct crit_entry *entry, const char *path,
		      struct crit_error *err);

/* Elements of a list; 0 where it is not there; -1 and *err. */
CRIT_API int64_t crit_count(const struct crit_entry *entry, const char *path,
			    struct crit_error *err);

/* Calls found with a NUMBER, STRING, BYTES (in one piece) or MESSAGE for each
 * field that the path names: "vmas[].start". index is that of the last
 * []. False: *err. */
CRIT_API bool crit_find(const struct crit_entry *entry, const char *path,
			bool (*found)(void *ctx, const struct crit_event *),
			void *ctx, struct crit_error *err);

/* Sets a field, and makes the messages on the way to it; the element after
 * the last of a list is a new one. False and *err, and nothing has changed:
 * no such field, a number out of its range. A length that another field tells
 * (of extra) is the caller's to set. */
CRIT_API bool crit_set_number(struct crit_entry *entry, const char *path,
			      uint64_t value, struct crit_error *err);
CRIT_API bool crit_set_bytes(struct crit_entry *entry, const char *path,
			     const void *p, size_t n, struct crit_error *err);
CRIT_API bool crit_set_string(struct crit_entry *entry, const char *path,
			      const char *s, struct crit_error *err);

/* Makes an empty message (or leaves it, where it is there). */
CRIT_API bool crit_set_message(struct crit_entry *entry, const char *path,
			       struct crit_error *err);

/* Takes a field, list or element away; it need not be there. */
CRIT_API bool crit_remove(struct crit_entry *entry, const char *path,
			  struct crit_error *err);

/* Outputs: where bytes go */

struct crit_output;

/* A file: there whole after crit_output_close, or not at all. Devices and
 * pipes are written as they are. */
CRIT_API struct crit_output *crit_output_path(struct crit *c, const char *path,
					      struct crit_error *err);
CRIT_API struct crit_output *crit_output_fd(struct crit *c, int fd,
					    struct crit_error *err);

/* Memory, which grows with what is written. */
CRIT_API struct crit_output *crit_output_memory(struct crit *c,
						struct crit_error *err);

/* A function: false is an error, CRIT_EIO with errno. */
CRIT_API struct crit_output *
crit_output_function(struct crit *c,
		     bool (*write)(void *ctx, const void *p, size_t n),
		     void *ctx, struct crit_error *err);

/* What is in memory so far: good until more is written or it is closed. */
CRIT_API const void *crit_output_bytes(const struct crit_output *out,
				       size_t *size);

/* Ends an output: a file takes its place, unless what was written to it
 * failed. Frees it in any case. */
CRIT_API bool crit_output_close(struct crit_output *out,
				struct crit_error *err);

/* Frees it without that: a file is as it was. NULL: nothing. */
CRIT_API void crit_output_abort(struct crit_output *out);

/* Writing images */

struct crit_writer;

/* Begins an image of this magic ("PSTREE") on an output, which takes no other
 * meanwhile. */
CRIT_API struct crit_writer *crit_write(struct crit *c, struct crit_output *out,
					const char *magic,
					struct crit_error *err);

/* The same as another: with its magic, and what stands before that. */
CRIT_API struct crit_writer *crit_write_like(const struct crit_image *image,
					     struct crit_output *out,
					     struct crit_error *err);

/* Whether entries may lack required fields; at the beginning not. */
CRIT_API void crit_write_partial(struct crit_writer *w, bool allow);

/* An entry. It may be put again. */
CRIT_API bool crit_put(struct crit_writer *w, const struct crit_entry *entry,
		       struct crit_error *err);

/* An event: what crit_next and crit_each give is what this takes. The field
 * is known by its number, or by its name where the number is 0; other names
 * and symbols are not looked at. Fields may come in any order, elements of a
 * list one after another, with LIST and LIST_END around them or without. */
CRIT_API bool crit_put_event(struct crit_writer *w,
			     const struct crit_event *event,
			     struct crit_error *err);

/* Ends the image, and frees the writer in any case. False: an error now or
 * before; the output then fails as well. */
CRIT_API bool crit_write_end(struct crit_writer *w, struct crit_error *err);

/* Changing an image where it is: gives each entry to a function, which may
 * change it and says what becomes of it; then puts the result in place of the
 * file at once. Nothing has changed where it fails or CRIT_STOP says so. */
enum crit_edit { CRIT_KEEP, CRIT_DROP, CRIT_STOP };
CRIT_API bool crit_edit(struct crit *c, const char *path,
			enum crit_edit (*edit)(void *ctx,
					       struct crit_entry *entry,
					       uint64_t index),
			void *ctx, struct crit_error *err);

/* JSON and YAML */

enum {
	CRIT_RECORDS = 0,	/* one entry a line: crit-stream(5) */
	CRIT_JSON = 1,		/* CRIT's document */
	CRIT_PRETTY = 2,	/* names for numbers; with CRIT_JSON indented */
	CRIT_NO_PAYLOAD = 4,	/* sizes in place of what follows entries */
	CRIT_NO_END = 8,	/* encode: records need no trailer */
	CRIT_PARTIAL = 16,	/* encode: required fields may be missing */
	CRIT_YAML = 32,		/* YAML, a document for each image */
};

/* The rest of an image as text. Where it fails, records and YAML tell of it in
 * band. */
CRIT_API bool crit_decode(struct crit_image *image, struct crit_output *out,
			  unsigned flags, struct crit_error *err);

/* Text of one image, JSON or YAML, as an image. */
CRIT_API bool crit_encode(struct crit *c, const void *text, size_t n,
			  struct crit_output *out, unsigned flags,
			  struct crit_error *err);
CRIT_API bool crit_encode_fd(struct crit *c, int fd, struct crit_output *out,
			     unsigned flags, struct crit_error *err);

/* Records of many images into a directory, all at once or none. */
CRIT_API bool crit_encode_dir(struct crit *c, int fd, const char *path,
			      unsigned flags, struct crit_error *err);

/* Documents of images, from fd, as records with other process ids: map is that
 * of crit-pids(1), "12=112,13=113" or "+1000". */
CRIT_API bool crit_pids(struct crit *c, int fd, const char *map,
			struct crit_output *out, struct crit_error *err);

/* The same with nothing private in them, as crit-anon(1) does it with a key of n
 * bytes: the same key gives the same. */
CRIT_API bool crit_anon(struct crit *c, int fd, const void *key, size_t n,
			struct crit_output *out, struct crit_error *err);

/* Checkpoints */

struct crit_dir;

/* Opens a checkpoint: a directory of images, a directory or archive of a
 * container engine, a tar archive (plain or compressed), a stream of
 * criu-image-streamer, or an OCI layout. The content decides, not the name.
 * follow: follow symbolic links that lead out of a directory (the link "parent"
 * needs no such leave). */
CRIT_API struct crit_dir *crit_dir_open(struct crit *c, const char *path,
					bool follow, struct crit_error *err);
CRIT_API struct crit_dir *crit_dir_open_fd(struct crit *c, int fd, bool follow,
					   struct crit_error *err);

/* How to open it: all zeros is the default. Everything here is copied. */
struct crit_how {
	bool follow;		/* symbolic links that lead out */
	const char *at;		/* where in it the images are; NULL: look */
	const char *parent;	/* path of the checkpoint that pages "in the
				   parent" are in; NULL: the link "parent" */
	const char *const *shards;	/* further files of a stream */
	size_t n_shards;
	void *reserved[4];	/* NULL */
};

/* The same with options; how may be NULL. */
CRIT_API struct crit_dir *crit_open_checkpoint(struct crit *c,
					       const char *path,
					       const struct crit_how *how,
					       struct crit_error *err);

/* A directory, a file from its position on, a pipe or a socket; a pipe is read
 * to its end into an unlinked temporary file. fd may be closed afterwards. name
 * is for errors. */
CRIT_API struct crit_dir *crit_open_checkpoint_fd(struct crit *c, int fd,
						  const char *name,
						  const struct crit_how *how,
						  struct crit_error *err);

/* Bytes from a function: an archive that lies in memory, in an object store, or
 * in another archive. */
struct crit_bytes {
	/* Reads up to n bytes from offset at into p. Returns how many, fewer
	 * only at the end, 0 there; -1 and errno on an error. */
	int64_t (*read)(void *ctx, uint64_t at, void *p, size_t n);
	uint64_t size;		/* UINT64_MAX: unknown; then all is read at once,
				   forward, into an unlinked temporary file */
	void (*close)(void *ctx);	/* NULL, or called once when they are
					   not needed any more, also if
					   opening fails */
	void *ctx;
	void *reserved[2];	/* NULL */
};
CRIT_API struct crit_dir *
crit_open_checkpoint_bytes(struct crit *c, const struct crit_bytes *bytes,
			   const char *name, const struct crit_how *how,
			   struct crit_error *err);
CRIT_API void crit_dir_close(struct crit_dir *dir);	/* NULL: nothing */

enum crit_file_kind {
	CRIT_FILE_IMAGE,	/* begins with a magic, or is named *.img */
	CRIT_FILE_RAW,		/* pages and other images without a magic */
	CRIT_FILE_OTHER,
};

struct crit_file {
	const char *name;	/* base name; good until crit_dir_close */
	enum crit_file_kind kind;
};

/* The next file, in the order in which images explain one another: inventory,
 * pstree, core, and so on. 1, 0 after the last. */
CRIT_API int crit_dir_next(struct crit_dir *dir, struct crit_file *file);
CRIT_API void crit_dir_rewind(struct crit_dir *dir);

/* Opens one of its images. It may outlive the directory. */
CRIT_API struct crit_image *crit_dir_image(struct crit_dir *dir,
					   const char *name,
					   struct crit_error *err);

/* All images as one stream of records, with its trailer. */
CRIT_API bool crit_decode_dir(struct crit_dir *dir, struct crit_output *out,
			      unsigned flags, struct crit_error *err);

/* Exploring: each calls a function for what it finds. Strings are NUL-ended,
 * good until it returns. pid 0: of all tasks; otherwise it is an error where
 * there is no such task. Zombies have nothing. An image that is missing or
 * broken does not keep the others from being told; the first such thing is in
 * *err afterwards. */

struct crit_task {
	uint32_t pid, ppid, pgid, sid;
	uint32_t state;		/* 1 alive, 2 dead, 3 stopped, 6 zombie; 0: not
				   known */
	uint32_t exit_code;
	uint32_t depth;		/* in the tree; the root's is 0 */
	const char *comm;
	const uint32_t *threads;
	size_t n_threads;
	void *reserved[2];
};

/* Tasks in the order of pstree.img (parents before their children), zombies
 * included. */
CRIT_API bool crit_tasks(struct crit_dir *dir,
			 bool (*task)(void *ctx, const struct crit_task *),
			 void *ctx, struct crit_error *err);

struct crit_descriptor {
	uint32_t pid;
	const char *at;		/* "cwd", "root"; NULL: a descriptor, fd */
	uint32_t fd, flags, id;	/* id: of the file in files.img */
	const char *type;	/* "REG", "INETSK", ... */
	const char *path;	/* its name, or what crit-x fds says of it */
	size_t path_size;	/* of unix sockets NULs may be among them */
	const char *facts;	/* what images tell of the file, as JSON; or NULL */
	const char *notes;	/* what other images add to it: {"tfd":[..]} of an
				   epoll, "wd", "mark", "info", "inode"; or NULL */
	void *reserved[1];
};
CRIT_API bool
crit_descriptors(struct crit_dir *dir, uint32_t pid,
		 bool (*found)(void *ctx, const struct crit_descriptor *),
		 void *ctx, struct crit_error *err);

struct crit_mapping {
	uint32_t pid;
	uint64_t start, end;	/* addresses */
	uint64_t pgoff;		/* offset in the file, bytes */
	uint64_t shmid;
	uint32_t prot;		/* PROT_READ.. of mmap(2) */
	uint32_t flags;		/* MAP_SHARED.. */
	uint32_t status;	/* CRIU's VMA_AREA_.. bits */
	const char *what;	/* file name, "[heap]", "[anon]".. */
	void *reserved[2];
};
CRIT_API bool crit_mappings(struct crit_dir *dir, uint32_t pid,
			    bool (*found)(void *ctx,
					  const struct crit_mapping *),
			    void *ctx, struct crit_error *err);

/* Runs of pages that the checkpoint tells of. */
struct crit_pages {
	uint32_t pid;
	uint64_t address, pages;
	bool present;		/* in this directory */
	bool parent;		/* in that of the dump before */
	bool lazy;		/* a page server may have it */
	void *reserved[2];
};
CRIT_API bool crit_resident(struct crit_dir *dir, uint32_t pid,
			    bool (*found)(void *ctx, const struct crit_pages *),
			    void *ctx, struct crit_error *err);

/* All that crit-x can say, as its records. what: "threads", "mounts", "limits"...,
 * the names that crit_explorer has. pid 0: all tasks. Each record is one JSON
 * object of size bytes, without a newline, good during the call; record returns
 * false to stop. False: *err says what could not be read, and the rest was given. */
CRIT_API bool crit_explore(struct crit_dir *dir, const char *what, uint32_t pid,
			   bool (*record)(void *ctx, const char *json,
					  size_t size),
			   void *ctx, struct crit_error *err);

/* The name of explorer number i, from 0, and what it is about (or NULL). NULL:
 * there are no more. */
CRIT_API const char *crit_explorer(size_t i, const char **about);

struct crit_socket {
	uint32_t pid, fd, id;
	const char *kind;	/* "INETSK", "UNIXSK", "PACKETSK", "NETLINKSK" */
	uint32_t family, type, protocol, state;	/* 0: not told */
	const char *source, *destination;	/* addresses; of unix: its name */
	size_t source_size;	/* a name may begin with a NUL */
	uint32_t source_port, destination_port;	/* of netlink: port ids */
	uint32_t ino, peer;			/* of unix */
	uint32_t send_buffer, receive_buffer;	/* bytes */
	void *reserved[2];
};
CRIT_API bool crit_sockets(struct crit_dir *dir, uint32_t pid,
			   bool (*found)(void *ctx, const struct crit_socket *),
			   void *ctx, struct crit_error *err);

/* Memory of a task */

struct crit_memory;

/* Its pages, those of parents and of shared segments, compressed or not.
 * page_size 0: as its auxiliary vector says. The directory must outlive it. */
CRIT_API struct crit_memory *crit_memory_open(struct crit_dir *dir,
					      uint32_t pid, uint64_t page_size,
					      struct crit_error *err);
CRIT_API void crit_memory_close(struct crit_memory *m);	/* NULL: nothing */

/* Reads n bytes at an address. What no image holds (unmapped, never touched,
 * or the unchanged bytes of a file) reads as zeros, and is counted in *absent
 * (may be NULL). */
CRIT_API bool crit_memory_read(struct crit_memory *m, uint64_t address,
			       void *buf, size_t n, uint64_t *absent,
			       struct crit_error *err);

/* Addresses of one kind. */
struct crit_run {
	uint64_t start, end;
	bool absent;		/* in no image */
	bool lazy;		/* with a page server */
	bool zero;		/* known to be zeros, without bytes */
	bool packed;		/* compressed */
	bool shared;		/* of a shared segment */
	unsigned depth;		/* 0: in this directory, 1: its parent, .. */
	const char *file;	/* that holds the bytes, or NULL */
	uint64_t offset, size;	/* where in it, and how many */
	void *reserved[2];
};

/* What is at an address, and as far as it is of that kind. */
CRIT_API bool crit_memory_at(struct crit_memory *m, uint64_t address,
			     struct crit_run *run, struct crit_error *err);

/* Bytes of a page, as the images say or the caller did. */
CRIT_API uint64_t crit_memory_page_size(const struct crit_memory *m);

/* All of [start, end) in runs, in order: the pages of a mapping, for example. */
CRIT_API bool crit_memory_runs(struct crit_memory *m, uint64_t start,
			       uint64_t end,
			       bool (*found)(void *ctx, const struct crit_run *),
			       void *ctx, struct crit_error *err);

/* Its arguments, or environment: each with its length; a NUL follows that it
 * does not count. One larger than 16 MiB is an error. */
typedef bool crit_string(void *ctx, const char *s, size_t n);
CRIT_API bool crit_memory_args(struct crit_memory *m, crit_string *string,
			       void *ctx, struct crit_error *err);
CRIT_API bool crit_memory_env(struct crit_memory *m, crit_string *string,
			      void *ctx, struct crit_error *err);

/* The numbers of its auxiliary vector: AT_.. of elf.h, and the value. */
CRIT_API bool crit_memory_auxv(struct crit_memory *m,
			       bool (*found)(void *ctx, uint64_t type,
					     uint64_t value),
			       void *ctx, struct crit_error *err);

/* Bytes of its mappings that are shared. */
CRIT_API bool crit_memory_shared(struct crit_memory *m, uint64_t *bytes,
				 struct crit_error *err);

/* Writes n bytes into the memory of a checkpoint that is a directory, as crit-mem
 * --write does: they are there when it returns, or nothing has changed. m reads
 * the new memory then (iterators and other memory of this task are to be opened
 * again). sysroot: the root of mapped files, for pages that are as in them, or
 * NULL. */
CRIT_API bool crit_memory_write(struct crit_memory *m, uint64_t address,
				const void *bytes, size_t n,
				const char *sysroot, struct crit_error *err);

/* Gives a variable ("NAME=VALUE") of the environment that the task was started
 * with another value, where getenv finds it: crit-mem --setenv. */
CRIT_API bool crit_memory_setenv(struct crit_memory *m, const char *variable,
				 struct crit_error *err);

struct crit_match {
	uint64_t address;
	const void *bytes;	/* the match; context lies around it */
	size_t size;
	size_t before, after;	/* bytes of context */
	void *reserved[2];
};

/* Looks for n bytes at what (or, where regex, for a POSIX extended regular
 * expression; n is that of its text) in all that the images hold, across
 * pages. context: bytes around a match that are wanted, 64 KiB at most. */
CRIT_API bool crit_memory_search(struct crit_memory *m, const char *what,
				 size_t n, bool regex, size_t context,
				 bool (*found)(void *ctx,
					       const struct crit_match *),
				 void *ctx, struct crit_error *err);

/* An ELF core of a task, for debuggers: registers of all threads, notes, pages.
 * sysroot: a directory that stands for the task's root, whose files give the
 * bytes that images leave to mapped files; NULL: the core lacks those. What else
 * it lacks is told to the context's warning function. */
CRIT_API bool crit_core(struct crit_dir *dir, uint32_t pid, const char *sysroot,
			struct crit_output *out, struct crit_error *err);

/* Copies
 *
 * A whole checkpoint to somewhere else, changed on the way: what crit-copy(1)
 * does. A new directory is there whole, or not at all. */

enum crit_form { CRIT_TAR = 1, CRIT_STREAM = 2 };	/* 2: of
							   criu-image-streamer */

/* An image that takes the place of the one of its name, or is new. */
struct crit_replacement {
	const char *name;	/* "files.img" */
	const void *bytes;	/* of the image, as crit_write makes it */
	size_t size;
};

/* NULL or all zeros: everything as it is. */
struct crit_copy_how {
	const struct crit_replacement *replace;
	size_t n_replace;
	const char *const *drop;	/* names that are left out */
	size_t n_drop;
	bool images_only;	/* no other files */
	bool flatten;		/* take pages of parents along */
	bool decompress;	/* pages without compression */
	bool drop_zero;		/* leave out pages of zeros */
	bool no_memory;		/* all pages read as zeros */
	uint32_t compress;	/* bytes of an LZ4 block, a multiple of 4096;
				   0: do not compress */
	int32_t acceleration;	/* of LZ4; 0: 1 */
	const char *prefix;	/* before each path in a tar; NULL: none */
	void *reserved[4];	/* NULL */
};

/* To a new directory, whose parent exists. Of what was opened by
 * crit_open_checkpoint_bytes only the images are copied. */
CRIT_API bool crit_copy(struct crit_dir *dir, const struct crit_copy_how *how,
			const char *path, struct crit_error *err);

/* To an archive. Outputs to memory and functions get it from an unlinked
 * temporary file. */
CRIT_API bool crit_copy_to(struct crit_dir *dir,
			   const struct crit_copy_how *how, enum crit_form form,
			   struct crit_output *out, struct crit_error *err);

/* Live: between criu dump --stream, criu restore --stream and a checkpoint.
 * socket is the connection that CRIU made to streamer-capture.sock or
 * streamer-serve.sock. The calls return when CRIU has sent or got everything;
 * CRIU's end may close at any time, so the caller should ignore SIGPIPE. */

/* Makes the socket of that name in a directory, waits for CRIU, and removes the
 * name: the connection, which the caller closes. -1 and *err. */
CRIT_API int crit_accept(struct crit *c, const char *directory,
			 const char *name, struct crit_error *err);
CRIT_API bool crit_capture(struct crit *c, int socket, const char *path,
			   struct crit_error *err);
CRIT_API bool crit_capture_to(struct crit *c, int socket, enum crit_form form,
			      struct crit_output *out, struct crit_error *err);
CRIT_API bool crit_serve(struct crit_dir *dir, int socket,
			 struct crit_error *err);

/* Checks
 *
 * Why CRIU would not restore a checkpoint: what crit-check(1) finds. */

enum crit_severity { CRIT_NOTE, CRIT_WARNING, CRIT_ERROR };

/* NULL or all zeros is the default. */
struct crit_check_how {
	const char *const *allow;	/* options that restore will have:
					   "tcp-established" */
	size_t n_allow;
	bool host;		/* check this machine, too: files, PIDs */
	void *reserved[4];	/* NULL */
};

struct crit_finding {
	const char *rule;	/* "vma-empty" */
	enum crit_severity severity;
	const char *image;	/* "mm-12.img"; NULL: the whole checkpoint */
	int64_t entry;		/* or -1 */
	const char *path;	/* of the field; "": none */
	const char *text;
	const char *values;	/* members of a JSON object that text holds:
				   "\"start\":4096,\"end\":8192" */
	uint64_t more;		/* findings of this kind that are not given */
	void *reserved[2];
};

/* Calls found for each finding, sorted by image and entry. True: the check was
 * made, whatever it found. */
CRIT_API bool crit_check(struct crit_dir *dir, const struct crit_check_how *how,
			 bool (*found)(void *ctx, const struct crit_finding *),
			 void *ctx, struct crit_error *err);

/* Rule number i, from 0; NULL: there are no more. about and severity may be
 * NULL. */
CRIT_API const char *crit_check_rule(size_t i, const char **about,
				     enum crit_severity *severity);

/* Iterators
 *
 *	it = crit_iterate_tasks(dir, &err);
 *	while (it && (r = crit_next_task(it, &task, &err)) > 0)
 *		...
 *	crit_iterator_free(it);
 *
 * The same answers without callbacks. crit_iterate_* asks the question and puts
 * the answers aside: in memory up to 64 KiB, then in an unlinked temporary
 * file. NULL: *err, and there is no answer at all.
 *
 * crit_next_* gives the next answer: 1; 0 after the last; -1 and *err, after the
 * last as well, where not everything could be read, or where the iterator is one
 * of other things. Strings are good until the next call. The directory may be
 * used meanwhile, and closed; the context must outlive the iterator.
 */

struct crit_iterator;

CRIT_API void crit_iterator_free(struct crit_iterator *it);	/* NULL: nothing */

CRIT_API struct crit_iterator *crit_iterate_tasks(struct crit_dir *dir,
						  struct crit_error *err);
CRIT_API int crit_next_task(struct crit_iterator *it, struct crit_task *task,
			    struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_descriptors(struct crit_dir *dir,
							uint32_t pid,
							struct crit_error *err);
CRIT_API int crit_next_descriptor(struct crit_iterator *it,
				  struct crit_descriptor *descriptor,
				  struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_mappings(struct crit_dir *dir,
						     uint32_t pid,
						     struct crit_error *err);
CRIT_API int crit_next_mapping(struct crit_iterator *it,
			       struct crit_mapping *mapping,
			       struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_resident(struct crit_dir *dir,
						     uint32_t pid,
						     struct crit_error *err);
CRIT_API int crit_next_resident(struct crit_iterator *it,
				struct crit_pages *pages,
				struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_sockets(struct crit_dir *dir,
						    uint32_t pid,
						    struct crit_error *err);
CRIT_API int crit_next_socket(struct crit_iterator *it,
			      struct crit_socket *socket,
			      struct crit_error *err);

/* Records of crit_explore: *json is NUL-terminated, size bytes without the
 * NUL. */
CRIT_API struct crit_iterator *crit_iterate_explore(struct crit_dir *dir,
						    const char *what,
						    uint32_t pid,
						    struct crit_error *err);
CRIT_API int crit_next_record(struct crit_iterator *it, const char **json,
			      size_t *size, struct crit_error *err);

/* Strings of crit_memory_args and crit_memory_env. */
CRIT_API struct crit_iterator *crit_iterate_args(struct crit_memory *m,
						 struct crit_error *err);
CRIT_API struct crit_iterator *crit_iterate_env(struct crit_memory *m,
						struct crit_error *err);
CRIT_API int crit_next_string(struct crit_iterator *it, const char **s,
			      size_t *size, struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_runs(struct crit_memory *m,
						 uint64_t start, uint64_t end,
						 struct crit_error *err);
CRIT_API int crit_next_run(struct crit_iterator *it, struct crit_run *run,
			   struct crit_error *err);

/* Findings of crit_check. */
CRIT_API struct crit_iterator *
crit_iterate_findings(struct crit_dir *dir, const struct crit_check_how *how,
		      struct crit_error *err);
CRIT_API int crit_next_finding(struct crit_iterator *it,
			       struct crit_finding *finding,
			       struct crit_error *err);

/* Statistics: stats-dump and stats-restore. Times in microseconds, the rest
 * numbers of pages. What an older CRIU does not tell is 0. */

struct crit_dump_stats {
	uint64_t freezing_time, frozen_time, memdump_time, memwrite_time;
	uint64_t pages_scanned, pages_skipped_parent, pages_written;
	uint64_t irmap_resolve;	/* microseconds */
	uint64_t pages_lazy, page_pipes, page_pipe_bufs;
	uint64_t shpages_scanned, shpages_skipped_parent, shpages_written;
	uint64_t reserved[4];
};

struct crit_restore_stats {
	uint64_t pages_compared, pages_skipped_cow;
	uint64_t forking_time, restore_time;
	uint64_t pages_restored, resume_time;
	uint64_t reserved[3];
};

CRIT_API bool crit_dump_statistics(struct crit_dir *dir,
				   struct crit_dump_stats *stats,
				   struct crit_error *err);
CRIT_API bool crit_restore_statistics(struct crit_dir *dir,
				      struct crit_restore_stats *stats,
				      struct crit_error *err);

#ifdef __cplusplus
}
#endif

#endif
