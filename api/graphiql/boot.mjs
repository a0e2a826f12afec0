// Starts GraphiQL in the browser, with what the page's options say. The workers and the editor come from this server, never from elsewhere.

const workers = {
  editorWorkerService: "editor-worker.js",
  json: "json-worker.js",
  graphql: "graphql-worker.js",
};

self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_moduleId, label) => new URL(workers[label], import.meta.url).href,
};

// After the line above: the editor reads it while it loads.
await import("./graphiql.js");

const options = JSON.parse(document.querySelector("#options").textContent);
self.YogaGraphiQL.renderYogaGraphiQL(document.querySelector("#root"), options);
