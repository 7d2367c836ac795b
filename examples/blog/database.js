import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { firstPosts } from './posts.js';

const schema = `
  PRAGMA busy_timeout = 5000;

  CREATE TABLE IF NOT EXISTS posts (
    slug TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    subject TEXT NOT NULL,
    date TEXT NOT NULL,
    summary TEXT NOT NULL,
    picture TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS comments (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL REFERENCES posts,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    date TEXT NOT NULL DEFAULT (date())
  ) STRICT;
`;

/** The posts and their comments, in a file of SQLite. */
export class BlogDatabase {
  #sqlite;

  /** @param {string} file */
  constructor(file) {
    mkdirSync(dirname(file), { recursive: true });
    this.#sqlite = new sqlite.Database(file);
    try {
      this.#sqlite.exec(schema);
    } catch (error) {
      throw new Error(`${error.message}. If no blog is running, remove ${file}.lock`, { cause: error });
    }
    for (const { slug, title, subject, date, summary, picture } of firstPosts) {
      this.#sqlite.run('INSERT OR IGNORE INTO posts VALUES (?, ?, ?, ?, ?, ?)', [
        slug,
        title,
        subject,
        date,
        summary,
        picture,
      ]);
    }
  }

  /** @returns {import('./posts.js').Post[]} Newest first. */
  posts() {
    return this.#sqlite.all('SELECT * FROM posts ORDER BY date DESC');
  }

  /**
   * @param {string} slug
   * @returns {{ name: string, text: string, date: string }[]} Oldest first.
   */
  comments(slug) {
    return this.#sqlite.all('SELECT name, text, date FROM comments WHERE slug = ? ORDER BY id', [slug]);
  }

  /**
   * @param {string} slug
   * @param {string} title
   * @returns {boolean} Whether there is such a post.
   */
  rename(slug, title) {
    return this.#sqlite.run('UPDATE posts SET title = ? WHERE slug = ?', [title, slug]).changes > 0;
  }

  /**
   * @param {string} slug
   * @param {string} name
   * @param {string} text
   * @returns {boolean} Whether there is such a post.
   */
  addComment(slug, name, text) {
    const insert = 'INSERT INTO comments (slug, name, text) SELECT slug, ?, ? FROM posts WHERE slug = ?';
    return this.#sqlite.run(insert, [name, text, slug]).changes > 0;
  }

  close() {
    this.#sqlite.close();
  }
}
