// Lets httpyac run api.http as it stands.
module.exports = {
  configureHooks(api) {
    // VS Code REST Client writes {{login.response.body.$.access}}; httpyac itself knows only {{login.access}}.
    api.hooks.onResponse.addHook("rest-client-names", (response) => {
      const body = response.parsedBody;
      if (body && typeof body === "object") {
        Object.defineProperties(body, {
          response: { value: { body, headers: response.headers } },
          $: { value: body },
        });
      }
      return true;
    });

    // SHOP_URL, when it is set, takes the place of the file's @host.
    api.hooks.onRequest.addHook("shop-url", (request) => {
      if (process.env.SHOP_URL) {
        request.url = request.url.replace(/^https?:\/\/[^/]+/, process.env.SHOP_URL);
      }
      return true;
    });
  },
};
