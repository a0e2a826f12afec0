// `npm start`: the command `accrete serve`.

process.argv.splice(2, 0, "serve");
await import("./accrete.mjs");
