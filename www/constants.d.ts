// Put in by the build.
declare const __VERSION__: string;
declare const __COMMIT__: string;
declare const __WASM_SHA256__: string;
/** The SQL that defines each table, by its name. */
