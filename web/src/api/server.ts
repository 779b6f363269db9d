// The client of this browser's session: screens and the service worker call the public API with it.
import { connect } from "@maretech/client";
import { accessToken } from "../session/tokens.ts";

export const server = connect({ baseUrl: self.location.origin, token: accessToken });
