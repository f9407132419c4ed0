// What browsers have and TypeScript's own library does not know, or knows of windows only.

interface FileSystemDirectoryHandle {
  keys(): AsyncIterableIterator<string>;
  values(): AsyncIterableIterator<FileSystemFileHandle | FileSystemDirectoryHandle>;
}

interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemFileHandle | FileSystemDirectoryHandle | null>;
}

/** Chromium's. */
declare var showDirectoryPicker:
  | ((options: { id: string; mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>)
  | undefined;

/** Chromium's. */
declare var documentPictureInPicture: { requestWindow(): Promise<Window> } | undefined;

/** Of workers. */
declare var FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
declare function importScripts(url: string): void;
