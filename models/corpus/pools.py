#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# pools.py - names and towns as people write them, by origin, for the filler:
# writes pools/given.tsv, pools/family.tsv, pools/towns.tsv.
"""Make the pools from lists whose licences allow it.

    models/corpus/pools.py GAZETTEERS

GAZETTEERS is a folder with popular names by country (CC0), NameDatabases
(public domain), INSEE's first names and La Poste's communes (Licence Ouverte),
ZIP codes of the United States (public data), GeoNames' cities (CC BY 4.0).
Names of further languages come from Faker (MIT), installed by pip.
"""

import csv
import gzip
import importlib
import os
import random
import re
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
ORIGINS = {
    "western": "US GB IE AU NZ CA DE AT NL DK SE NO FI IS FO LU IM GG JE",
    "french": "FR BE CH MC",
    "latin": "ES PT BR MX AR CL CO PE BO EC UY PY VE CR CU DO GT PR SV PA IT AD",
    "slavic": "PL CZ SK RU UA BY BG RS HR BA ME MK SI LT LV EE HU RO MD GE AM",
    "arabic": "DZ EG MA TN SA AE JO IQ KW LB LY IR TR AL XK AZ KZ KG TJ",
    "south-asian": "IN PK BD LK NP",
    "east-asian": "CN JP KR KH VN TW PH MY TH MN",
    "african": "ZA ML GQ HT JM FJ PF SR",
    "jewish": "IL",
    "greek": "GR CY",
}
LISTS = {"cn": "east-asian", "kr": "east-asian", "cz": "slavic",
         "pl": "slavic", "ru": "slavic", "de": "western", "uk": "western",
         "ie": "western", "us": "western", "fr": "french", "es": "latin",
         "pt": "latin", "it": "latin", "eus": "latin", "hi": "south-asian",
         "il": "jewish", "gk": "greek", "ne": "western"}
FAKER = {"en_IN": "south-asian", "hi_IN": "south-asian", "en_PK": "south-asian",
         "ne_NP": "south-asian", "bn_BD": "south-asian", "vi_VN": "east-asian",
         "tr_TR": "arabic", "ar_DZ_fr": "arabic", "fr_DZ": "arabic",
         "zu_ZA": "african", "yo_NG": "african", "ha_NG": "african",
         "ig_NG": "african", "en_NG": "african", "tw_GH": "african",
         "sw": "african", "en_KE": "african", "fr_FR": "french",
         "fr_BE": "french", "fr_CH": "french", "fr_QC": "french",
         "en_IE": "western", "en_GB": "western", "id_ID": "east-asian",
         "ro_RO": "slavic", "hr_HR": "slavic", "pl_PL": "slavic",
         "pt_PT": "latin", "it_IT": "latin", "ga_IE": "western",
         "nl_NL": "western", "nl_BE": "western", "az_AZ": "arabic",
         "uz_UZ": "arabic", "fr_SN": "african"}
# Surnames of peoples that the lists lack: common knowledge, written here.
MORE = {
    "african": """Diallo Traoré Ouattara Koné Coulibaly Keïta Ndiaye Diop Sow Bâ
    Fofana Camara Touré Cissé Sissoko Mbaye Gueye Faye Sarr Kaboré Ouédraogo
    Sawadogo Zongo Kouassi Kouadio Konan Yao Koffi N'Guessan Adjoua Mensah
    Owusu Boateng Asante Osei Appiah Okafor Okonkwo Adeyemi Adebayo Oyelaran
    Nwosu Eze Obi Chukwu Abubakar Bello Musa Danjuma Mwangi Kamau Otieno Odhiambo
    Wanjiru Njoroge Kiprotich Cheruiyot Mutua Nkosi Dlamini Khumalo Mokoena
    Ncube Moyo Sibanda Chirwa Banda Phiri Mbeki Tshabalala Mahlangu Mabuza
    Tadesse Bekele Haile Gebremariam Abebe Tesfaye Mekonnen Habtamu Warsame
    Abdi Farah Jama Nzeyimana Habimana Uwimana Mugisha Byaruhanga Ssemwogerere
    Mbarga Atangana Eto'o Nkoulou Ngono Tchoumi Fotso Kamga Mbemba Makiese
    Ilunga Kabongo Tshisekedi Mukendi Ngoma Mavungu Rakotomalala Razafindrakoto
    Andrianarisoa Ramanantsoa Payet Hoareau Técher Grondin Céleste Saint-Prix
    Toussaint-Louverture Jean-Baptiste Désir Charlery Bellegarde""",
    "arabic": """Benali Haddad Mansouri Cherif Bouazizi Boukhari Belkacem Ziani
    Amrani Bennani El-Fassi Tazi Alaoui Berrada Chraibi Lahlou Idrissi Benjelloun
    Bouzid Hamidi Saïdi Rahmani Meziane Ouali Aït-Ahmed Khelifi Brahimi Mokrani
    Trabelsi Gharbi Jebali Mabrouk Ben Salah Hammami Chaabane Zouari Khoury
    Nassar Hariri Sayegh Abboud Kassem Shahin Najjar Al-Masri El-Sayed Farouk
    Mahmoud Abdelrahman Saleh Qureshi Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın
    Arslan Doğan Kılıç Hosseini Mohammadi Karimi Rezaei Moradi Tehrani Barzani""",
    "east-asian": """Nguyễn Trần Lê Phạm Huỳnh Hoàng Vũ Võ Đặng Bùi Đỗ Hồ Ngô
    Dương Lý Nguyen Tran Pham Huynh Hoang Vo Dang Bui Chheng Sok Keo Chanthavong
    Phommasack Vang Xiong Her Thao Lor Moua Tanaka Fujimoto Ishikawa Hasegawa
    Matsuda Ogawa Zhang Wang Liu Chen Yang Zhao Huang Zhou Xu Sun Ma Zhu Guo
    Gao Lin Luo Zheng Liang Xie Tang Feng Deng Cao Peng Zeng Tian Dong Santos
    Reyes dela Cruz Bautista Villanueva Tupou Faleolo Tuilagi Leota Sione""",
    "french": """Le Goff Le Gall Le Roux Kerhervé Guivarc'h Quéméner Tanguy
    Kermarrec Abgrall Le Bihan Cariou Riou Salaün Jaouen Ollivier Colonna
    Casanova Santoni Mattei Leca Orsini Pietri Schmitt Muller Klein Meyer Weber
    Hoffmann Etcheverry Iturria Elissalde Vandenbroucke Delporte Tremblay Gagnon
    Bouchard Côté Pelletier Bélanger Lévesque Gauthier Ouellet Thériault Petit
    Legrand Blanc Leblanc Lenoir Roux Brun Rousseau Boucher Boulanger Charpentier
    Marchand Mercier Meunier Berger Chevalier Lefebvre Fontaine Dubois Dupont
    Rivière Montagne Deschamps Duval Noël Pascal Jourdain Hiver Vendredi""",
    "western": """May Rose Long Young Banks Field Brook Marsh Hill Wood Stone
    Church Bishop Pope King Knight Page Cook Baker Butcher Carter Fisher Hunter
    Gardener Shepherd Farmer Miller Smith Potter Weaver Taylor Mason Sharp Short
    Small Strong Swift Wise Moody Savage Gray Green Brown White Black Day Winter
    Summers Spring Frost Snow Rain O'Sullivan O'Donoghue Ní Bhriain Mac Aodha
    McGillicuddy Ó Conaill Fitzgibbon Llewellyn Pritchard ap Rhys MacLeod""",
}


def origin_of(country):
    for origin, countries in ORIGINS.items():
        if country in countries.split():
            return origin
    return None


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t")


def good(name):
    letters = re.sub(r"[ '’-]", "", name)
    return (2 <= len(letters) <= 20 and letters.isalpha()
            and all("LATIN" in unicodedata.name(c, "") for c in letters)
            and name[:1].isupper())


def take_faker(given, family):
    for locale, origin in FAKER.items():
        try:
            module = importlib.import_module(
                f"faker.providers.person.{locale}")
        except ImportError:
            continue
        provider = module.Provider
        for attribute, sexes in (("first_names_male", "m"),
                                 ("first_names_female", "f"),
                                 ("first_names", "u")):
            for name in getattr(provider, attribute, ()):
                if good(name):
                    given.setdefault((origin, name), set()).add(sexes)
        for attribute in ("last_names", "last_names_male", "last_names_female"):
            for name in getattr(provider, attribute, ()):
                if good(name):
                    family.add((origin, name))


def main():
    folder = sys.argv[1]
    dice = random.Random(1)
    given, family = {}, set()
    for row in rows(f"{folder}/forenames_by_country.tsv.gz"):
        origin = origin_of(row["country"])
        for name in re.split(r"[/,]", row["roman"] or row["local"] or ""):
            if origin and good(name.strip()):
                sex = {"M": "m", "F": "f"}.get(row["sex"], "u")
                given.setdefault((origin, name.strip()), set()).add(sex)
    for row in rows(f"{folder}/surnames_by_country.tsv.gz"):
        origin = origin_of(row["country"])
        for name in re.split(r"[/,]", row["roman"] or row["local"] or ""):
            if origin and good(name.strip()):
                family.add((origin, name.strip()))
    for code, origin in LISTS.items():
        names = [r["name"] for r in rows(f"{folder}/nd_surname_{code}.tsv.gz")]
        names = [n for n in names if good(n)]
        family.update((origin, n) for n in
                      dice.sample(names, min(len(names), 1200)))
    for row in rows(f"{folder}/fr_first_names_insee.tsv.gz"):
        if int(row["count"]) >= 3000 and good(row["name"].title()):
            given.setdefault(("french", row["name"].title()), set()).add(
                row["sex"].lower())
    take_faker(given, family)
    for origin, names in MORE.items():
        family.update((origin, n) for n in names.split())
    os.makedirs(f"{HERE}/pools", exist_ok=True)
    with open(f"{HERE}/pools/given.tsv", "w", encoding="utf-8") as out:
        for (origin, name), sexes in sorted(given.items()):
            sex = "m" if sexes == {"m"} else "f" if sexes == {"f"} else "u"
            print(origin, sex, name, sep="\t", file=out)
    with open(f"{HERE}/pools/family.tsv", "w", encoding="utf-8") as out:
        for origin, name in sorted(family):
            print(origin, name, sep="\t", file=out)
    towns = set()
    for row in rows(f"{folder}/fr_communes.tsv.gz"):
        towns.add(("FR", title(row["commune"]), row["code_postal"]))
    towns = set(dice.sample(sorted(towns), 2500))
    places = sorted({("US", r["city"], r["zip"])
                     for r in rows(f"{folder}/us_zip_city.tsv.gz")})
    towns.update(dice.sample(places, 2500))
    world = [("*", r["city"], "") for r in
             rows(f"{folder}/world_cities.tsv.gz") if good(r["city"])]
    towns.update(dice.sample(world, 1500))
    with open(f"{HERE}/pools/towns.tsv", "w", encoding="utf-8") as out:
        for row in sorted(towns):
            print(*row, sep="\t", file=out)
    print(len(given), len(family), len(towns))


def title(name):
    """La Poste writes capitals: HAUTEVILLE SUR MER."""
    small = set("sur sous les le la de du des en et aux au l d lès".split())
    words = name.lower().split()
    words = [w if i and w in small else w.capitalize()
             for i, w in enumerate(words)]
    return re.sub(r"\bSt\b", "Saint",
                  re.sub(r"\bSte\b", "Sainte", "-".join(words)))


if __name__ == "__main__":
    main()
