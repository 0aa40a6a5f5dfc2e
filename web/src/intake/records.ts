import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** A delivery that this browser began, until its receipt. */
export interface IntakeRecord {
  intake: string;
  case: string;
  person: string;
  source: string;
  authority: string;
  openedAt: string;
  /** Files chosen so far. */
  files: number;
}

/** What this browser knows of one file of a delivery. */
export interface UploadRecord {
  intake: string;
  fingerprint: string;
  /** The Idempotency-Key: a repeated creation, after a lost answer, creates nothing more. */
  key: string;
  url?: string;
  received?: { item: string; exhibit: string; sha256: string };
}

/** Remembers deliveries across a reload, so that they can be carried on. */
export interface Records {
  intakes(caseId: string): Promise<IntakeRecord[]>;
  putIntake(record: IntakeRecord): Promise<void>;
  uploads(intake: string): Promise<UploadRecord[]>;
  putUpload(record: UploadRecord): Promise<void>;
  /** Forgets a delivery and its files. */
  forget(intake: string): Promise<void>;
}

interface Schema extends DBSchema {
  intakes: { key: string; value: IntakeRecord; indexes: { case: string } };
  uploads: { key: [string, string]; value: UploadRecord; indexes: { intake: string } };
}

/** Records in IndexedDB: they hold names, sizes and digests, never content. */
export class BrowserRecords implements Records {
  #db: Promise<IDBPDatabase<Schema>> | undefined;

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#db ??= openDB<Schema>('sealcase', 1, {
      upgrade(db) {
        db.createObjectStore('intakes', { keyPath: 'intake' }).createIndex('case', 'case');
        db.createObjectStore('uploads', { keyPath: ['intake', 'fingerprint'] }).createIndex('intake', 'intake');
      },
    });
    return this.#db;
  }

  async intakes(caseId: string): Promise<IntakeRecord[]> {
    return (await this.#open()).getAllFromIndex('intakes', 'case', caseId);
  }

  async putIntake(record: IntakeRecord): Promise<void> {
    await (await this.#open()).put('intakes', record);
  }

  async uploads(intake: string): Promise<UploadRecord[]> {
    return (await this.#open()).getAllFromIndex('uploads', 'intake', intake);
  }

  async putUpload(record: UploadRecord): Promise<void> {
    await (await this.#open()).put('uploads', record);
  }

  async forget(intake: string): Promise<void> {
    const tx = (await this.#open()).transaction(['intakes', 'uploads'], 'readwrite');
    await tx.objectStore('intakes').delete(intake);
    // Fingerprints are strings: [intake] to [intake, []] spans all of an intake's keys.
    await tx.objectStore('uploads').delete(IDBKeyRange.bound([intake], [intake, []]));
    await tx.done;
  }
}
