// SPDX-License-Identifier: Apache-2.0

export { Catalogue, picture } from '/shared/catalogue.js';
