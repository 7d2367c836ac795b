import type {
  EntitySubscriberInterface,
  QueryRunner,
  TransactionCommitEvent,
  TransactionRollbackEvent,
} from 'typeorm';
import type { Pages } from '../../../src/pages.ts';
import type { Comment, Post } from './blog.ts';

/** What TypeORM tells of an insert, an update or a removal. */
interface Change {
  readonly queryRunner: QueryRunner;
  readonly databaseEntity?: Partial<Post & Comment> | undefined;
  readonly entity?: Partial<Post & Comment> | undefined;
}

/** What a transaction outdates. */
class Outdated {
  readonly urls: Set<string> = new Set<string>();
  readonly tags: Set<string> = new Set<string>();
}

/** The hooks of TypeORM: what a transaction changes is renewed once it is committed, and not if it is rolled back. */
export class PageHooks implements EntitySubscriberInterface {
  readonly #pages: Pages;
  /** By connection, for the transaction that is open on it. */
  readonly #outdated = new WeakMap<QueryRunner, Outdated>();

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  // update() by a condition tells hooks of no entity: who calls it calls refresh().
  readonly #note = ({ queryRunner, databaseEntity, entity }: Change): void => {
    const outdated = this.#outdated.get(queryRunner) ?? new Outdated();
    this.#outdated.set(queryRunner, outdated);
    // Where the page was, and where it is.
    for (const { slug, post } of [databaseEntity ?? {}, entity ?? {}]) {
      if (slug !== undefined) for (const url of [`/posts/${slug}`, '/', '/feed.xml']) outdated.urls.add(url);
      // Of what it belonged to, the database gives no more than the key.
      if (post !== undefined) outdated.tags.add(`post:${post.id}`);
    }
  };

  readonly afterInsert = this.#note;
  readonly afterUpdate = this.#note;
  readonly afterRemove = this.#note;

  async afterTransactionCommit({ queryRunner }: TransactionCommitEvent): Promise<void> {
    // An inner transaction ends with its outer one.
    if (queryRunner.isTransactionActive) return;
    const { urls, tags } = this.#outdated.get(queryRunner) ?? new Outdated();
    this.#outdated.delete(queryRunner);
    await this.#pages.invalidate({ tags: [...tags] });
    await this.#pages.refresh(urls);
  }

  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    if (!queryRunner.isTransactionActive) this.#outdated.delete(queryRunner);
  }
}
