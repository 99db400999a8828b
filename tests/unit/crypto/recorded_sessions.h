/* Two sessions recorded from the original implementation, with every key it computed: one by
 * address (anonymous), one peer to peer (string identities). Hex text; C and S are the two ends.
 */
#ifndef TESTS_CRYPTO_RECORDED_SESSIONS_H
#define TESTS_CRYPTO_RECORDED_SESSIONS_H

#define RECORDED_PACKETS_MAX 12

struct recorded_packet {
	int number;
	const char *nonce;
	const char *plain;
	const char *sealed;
};

struct recorded_side {
	const char *connection_id; /* as on the wire: little-endian */
	const char *ephemeral_private;
	const char *cert;
	const char *info;
	const char *info_signature;
	const char *send_key;
	const char *send_iv;
	struct recorded_packet packets[RECORDED_PACKETS_MAX]; /* number 0 ends them */
};

struct recorded_session {
	const char *premaster;
	const char *prk;
	struct recorded_side client;
	struct recorded_side server;
};

static const struct recorded_session recorded_udp = {
	.premaster = "e051d65f8abd9d3080a0e9320de97a18b5f964e48f3580c44d462269d2169438",
	.prk = "8d1034b22088de32de993a22444c4354895c552441badb50d59a1d83cfd52858",
	.client = {
		.connection_id = "eee0483d",
		.ephemeral_private = "4f67fc46637d9a09729e8270b49072d729e5b1b53d3de12847fc8cd3cec1fe22",
		.cert = "080112204f1e35ac2a362516a64f3752e048f70e3de0422eb8b90d5618219a72bdaaf5de50005a1422120000"
		        "00000000000000000000000000010000620669703a3a3a31",
		.info = "080112203a082a7f46992d75b7bcf28ec632663b9074804f4f1fe0e8eb55d84a4e6e162219ff85336d1e579c"
		        "e4200d2802",
		.info_signature = "65b07d36c1b1717cad549394b3ad0797fab6ba046baccc6fcaac0ff9867285f766a95d6cc35212cb8e9728c7"
		        "1a0d56790b1b6398dff99dec0ac0d96b7d0eff05",
		.send_key = "9c755c24dc27a6fd1d9a2316f388aa1d386b494786b1d10ebf731ef2d881535b",
		.send_iv = "fcc15f8b1c62921d952d8ed4",
		.packets = {
			{ 2, "fec15f8b1c62921d952d8ed4", "8001980100ffff500100000000000f0e68656c6c6f2072656c6961626c653702"
			  "000000756e72656c",
			  "5fecaaf405ab1cf5f85997c2a76d5ee6347f1316014e30e3082c0fc9adff13e5931aaea8e20af2fe65351ecc"
			  "5f578e0a09b9700e54433724" },
			{ 3, "ffc15f8b1c62921d952d8ed4", "80009803001f06",
			  "f2e38de60c5b0fb5539f34fb7d4c637ff0dfc57177d69f" },
		},
	},
	.server = {
		.connection_id = "5d5d247e",
		.ephemeral_private = "a0454ddc61a480489036f43242175f463f4a467c6cb0e90c13087df56c44c3c1",
		.cert = "08011220bcd27dec8a3eee8e4c2d77a590686b120ecc21c12bc0b93e024ac946934ce20150005a1422120000"
		        "00000000000000000000000000010000620669703a3a3a31",
		.info = "08011220bc5233142d1d8065b0455ae307bb2483f16a0281420fcff067003d6d6b04932f19586cd8e7659da2"
		        "76200d2802",
		.info_signature = "00d0a8fc2e0c8bdf2c3be66c5f6729e662dbd91019eb4c056ac12929fb0c9f91fe83bb19248cb3c01d3ad3a9"
		        "4a02b15380676a090f6fc306aaf61e7bcaa1d809",
		.send_key = "5e4e9282555e3ab8153d60130925418541a97d9a22b536e490db7d9cfa0124bf",
		.send_iv = "91438a9f8964b127e5fe1ada",
		.packets = {
			{ 2, "93438a9f8964b127e5fe1ada", "80009802001e06",
			  "05de57f901bf54eb3b8a5a1a2371a16b10f63231db67f8" },
			{ 3, "94438a9f8964b127e5fe1ada", "8001980200a218570100000000000e7365727665722073617973206869",
			  "a918465cbd06fd4ee872e604b37b2168b8926b1b6e6ee9e11d18183202517b6d59defcabb0eec935ed218c53"
			  "dd" },
		},
	},
};

static const struct recorded_session recorded_p2p = {
	.premaster = "eecea25e6f70f321bf3f91820d2f986c404b1aaf82ef955f0e04c2abde7f2137",
	.prk = "6c67f8fbed45b6943637368d03c8b09bc50de57f876bfdde239a813d197b349a",
	.client = {
		.connection_id = "ce32a890",
		.ephemeral_private = "96ec738a1fedc224a68f6dfa554bcce35c12c7de60e155abf23019022a9c9175",
		.cert = "08011220741c2e1eb4b25a9ea8198dee57528dabd36d5bca02d9cba8501ec1ca9a1220a650005a081a067065"
		        "65725f63620a7374723a706565725f63",
		.info = "08011220abec11a12cda754a2a722aab1d09caa1d66a8344304b2178e73f68c42866b11d1982d7f676c79480"
		        "89200d2802",
		.info_signature = "af48f0b1fe184691e79d123665cb7f1227ec7925e5c7a4a61a4be9857ad03a7e20abb619d34ae5a9522c2a79"
		        "d781d0ddac386d9a6a15920dbde66188e7f8a60b",
		.send_key = "a4cc956d6d2f53dabaddb856ce7793ed95262761e739b44582befb91651a8a83",
		.send_iv = "30bfc3f5d8576e843f67b68f",
		.packets = {
			{ 2, "32bfc3f5d8576e843f67b68f", "8000980200c201",
			  "0eb564d655503f0ca293d69b7870c541448b61d89ad3df" },
			{ 3, "33bfc3f5d8576e843f67b68f", "8000980300850057010000000000097032702068656c6c6f",
			  "684d324ae72db0f16764695c18069f33aa28a504674e1123eb583281f77c73f4077f0d5da1d428f6" },
			{ 4, "34bfc3f5d8576e843f67b68f", "80009804000000",
			  "21de3fdef673d27cfebbf0fb2aa8f9f1d3a959c64ccfe2" },
			{ 5, "35bfc3f5d8576e843f67b68f", "80009805002606",
			  "ce7a13973a03415a099ac85a49ea58ed1f9d37f0fd1233" },
			{ 6, "36bfc3f5d8576e843f67b68f", "8001980500ca12",
			  "e04067548d8111b16e00415c1d9ef5740c58df3a4fdf87" },
			{ 7, "37bfc3f5d8576e843f67b68f", "80009807000000",
			  "6645a811648925a5ab7ba00b9fc0e9b0e73befdd90d992" },
			{ 8, "38bfc3f5d8576e843f67b68f", "8001980700421a",
			  "50f7737c16fd3004803a05be11b324b8415827a11c1fbf" },
			{ 9, "39bfc3f5d8576e843f67b68f", "80009809000000",
			  "0bf3c7248302a597268cb5d3d83c2b2381dc188e779e09" },
			{ 10, "3abfc3f5d8576e843f67b68f", "80019809003d1a",
			  "a7e2ed91480a509d75f65bf890cfc1ac986ed4afdb94bf" },
			{ 11, "3bbfc3f5d8576e843f67b68f", "8000980b000000",
			  "f7e2cd4d2babc4ef86cd4309c47895f07e63cfe8ee68ff" },
		},
	},
	.server = {
		.connection_id = "a99995f2",
		.ephemeral_private = "a397e7d9707e0bda7fa3718bfd547ce00da7c7c40fae44d333f71cac539a9af2",
		.cert = "0801122008354dbc9496fa70eece8e25695fa67c564453844e83c3615248d370e869508750005a081a067065"
		        "65725f73620a7374723a706565725f73",
		.info = "080112205c73d9a205033238c7d43e5c292cbc36c9f043051a171e031973ec44e679b517190cefa683ca66aa"
		        "50200d2802",
		.info_signature = "1d895774d0619f94ea1c6721f52f62f6e1dbe2badaecddc91a56056f9fc3fdc851d36e00189d27849a20382f"
		        "39990938697944a1ee467179b2b3cf21920b4d07",
		.send_key = "97242725d2916d43c8840f928d084df74a7a8f2b152c1ffa0cca2b464d5daec0",
		.send_iv = "c8343fb9dd8dcf5ea031dbee",
		.packets = {
			{ 2, "ca343fb9dd8dcf5ea031dbee", "8001980100ffff",
			  "39eee3597f3c495edf2d0cb0b5b2eb95a526c61bcc20de" },
			{ 3, "cb343fb9dd8dcf5ea031dbee", "80009802000000",
			  "81160e5bd4177d7ae3b566ac6c3c7a014d473ab4958796" },
			{ 4, "cc343fb9dd8dcf5ea031dbee", "8000980300b203",
			  "9b6d37b15223927df1d3894e9530bc8311e2a6331ff5ee" },
			{ 5, "cd343fb9dd8dcf5ea031dbee", "8000980400770757010000000000097032702068656c6c6f",
			  "564ce6116b0791f5006af0ae29de2b893d596f94cfcfe57be1e63a774040a39c5efb2f55f26efd12" },
			{ 6, "ce343fb9dd8dcf5ea031dbee", "80009806000000",
			  "71b85500f0627701d67453757fdbdc936ff9d248ce2d01" },
			{ 7, "cf343fb9dd8dcf5ea031dbee", "80019806008e04",
			  "49a720d49f4fe2b16bb368b53e3bdef6906c29ba6cd678" },
			{ 8, "d0343fb9dd8dcf5ea031dbee", "80009808000000",
			  "5b0401497c967c291ef581c3cc298fb7376d2ccfc859b1" },
			{ 9, "d1343fb9dd8dcf5ea031dbee", "80019808009404",
			  "7b23a1e1eacfd16dab26b29d4b1c43174588ce2056163e" },
			{ 10, "d2343fb9dd8dcf5ea031dbee", "8000980a000000",
			  "a74c5ba104d910298928b144d1e769e2eb39c863c0aa4f" },
			{ 11, "d3343fb9dd8dcf5ea031dbee", "8001980a009104",
			  "b12f6f395e4027097ee3c915ffe5dcc627d8185ba208f3" },
			{ 12, "d4343fb9dd8dcf5ea031dbee", "8000980b00c31e",
			  "5fe84369e22b05eafad5a1a92e18e38d1a0188845c85f6" },
		},
	},
};

#endif
