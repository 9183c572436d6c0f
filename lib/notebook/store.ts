export { withStore } from "../store";
